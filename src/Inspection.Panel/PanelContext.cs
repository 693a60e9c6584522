using Inspection.Core;

namespace Inspection.Panel;

/// <summary>All that the page shows and acts on. Everything in it is thread-safe and never waits for a screen.</summary>
/// <param name="Interlock">Its state, Start, Stop and Reset.</param>
/// <param name="Live">The last part.</param>
/// <param name="Counters">Totals of this run.</param>
/// <param name="Rejects">The last rejects.</param>
/// <param name="Alarms">The active alarms.</param>
/// <param name="Delivery">Who listens, and what waits for whom.</param>
/// <param name="People">Who may sign in.</param>
/// <param name="Pipeline">Gives what is in force now; asked about once a second.</param>
/// <param name="Simulation">The simulated chip and line; null with a real chip and a real source.</param>
/// <param name="Simulated">True when the source or the chip is simulated: SIMULATION stands across the page.</param>
/// <param name="PicturesFolder">Folder that <see cref="RejectedPart.PicturePath"/> is relative to.</param>
/// <param name="DemoPerson">In the simulation, the person who is signed in without a PIN; else null.</param>
/// <param name="Time">The clock.</param>
/// <param name="Audit">Takes an entry for each sign-in, refused sign-in and sign-out, and each change of the simulation; must return at once.</param>
public sealed record PanelContext(
    Interlock Interlock, LiveView Live, Counters Counters, RecentRejects Rejects, Alarms Alarms, DeliveryBoard Delivery,
    People People, Func<PipelineContext> Pipeline, SimulationPanel? Simulation, bool Simulated, string PicturesFolder,
    Who? DemoPerson, TimeProvider Time, Action<EntryDraft> Audit)
{
    /// <summary>The ledger's numbers of the last parts; null where there is no ledger.</summary>
    public PartNumbers? Numbers { get; init; }

    /// <summary>Takes a person's word that the wall clock is right; returns why it does not count. Null where nobody watches the clock.</summary>
    public Func<Who, Failure?>? ConfirmClock { get; init; }

    /// <summary>The recipe's test parts; null where it has none.</summary>
    public TestParts? TestParts { get; init; }

    /// <summary>Samples that people label; null where there is no ledger.</summary>
    public LabelSample? Labels { get; init; }

    /// <summary>What the model's card promises, in its own words; null where it promises nothing.</summary>
    public string? Promise { get; init; }

    /// <summary>People's last word on single parts.</summary>
    public required Overrides Overrides { get; init; }
}
