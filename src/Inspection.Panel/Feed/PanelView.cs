using Inspection.Core;

namespace Inspection.Panel.Feed;

/// <summary>The station at one moment, as all pages show it.</summary>
/// <param name="Second">Counts the feed's seconds; a page whose number stands still shows old things.</param>
/// <param name="At">Wall time, UTC.</param>
/// <param name="Interlock">The interlock.</param>
/// <param name="Plain">The last part with its plain picture.</param>
/// <param name="Heat">The last part with its heat map.</param>
/// <param name="Counters">Totals.</param>
/// <param name="Rejects">The last rejects, newest first; renewed once a second.</param>
/// <param name="Alarms">Active alarms.</param>
/// <param name="Broker">How the broker is.</param>
/// <param name="BrokerText">The broker and how it is, for a technician.</param>
/// <param name="Receivers">Who listens.</param>
/// <param name="Pipeline">What is in force.</param>
/// <param name="Lines">The simulated chip's lines; empty when the chip is real.</param>
internal sealed record PanelView(
    long Second, DateTimeOffset At, InterlockSnapshot Interlock, LiveShot? Plain, LiveShot? Heat, CounterSnapshot Counters,
    IReadOnlyList<RejectedPart> Rejects, IReadOnlyList<Alarm> Alarms, BrokerState Broker, string BrokerText, IReadOnlyList<Receiver> Receivers,
    PipelineContext Pipeline, IReadOnlyList<LineState> Lines)
{
    /// <summary>The test parts; null where the recipe has none.</summary>
    public TestSnapshot? Tests { get; init; }

    /// <summary>The last part as one page wants it.</summary>
    public LiveShot? Shot(bool heat) => heat ? Heat : Plain;
}
