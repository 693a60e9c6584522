using Inspection.Core;

namespace Inspection.Mqtt;

/// <summary>What the station lends to its messages.</summary>
/// <param name="Ledger">Where the messages and the cursors are.</param>
/// <param name="Interlock">Its state stands in <c>status</c>; <c>request-trip</c> trips it.</param>
/// <param name="Alarms">Takes the broker's and the consumers' alarms.</param>
/// <param name="Counters">Stand in <c>status</c>.</param>
/// <param name="Board">Kept up to date: who listens, and what waits for whom.</param>
/// <param name="Time">The clock of every wait and time stamp.</param>
/// <param name="Simulated">Stands in every message made here.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Context">The recipe and model in force at this moment; null while none is.</param>
public sealed record MqttStation(
    ILedger Ledger, Interlock Interlock, Alarms Alarms, Counters Counters, DeliveryBoard Board, TimeProvider Time,
    bool Simulated, string Version, Func<PipelineContext?> Context)
{
    /// <summary>Takes the broker's own entries; must return at once. What finds the ledger full has to wait there, not be lost.</summary>
    public required Action<EntryDraft> Append { get; init; }

    /// <summary>The recipe's test parts stand in <c>status</c>; null where it has none.</summary>
    public TestParts? TestParts { get; init; }
}

/// <summary>What a receiver has not acknowledged yet.</summary>
/// <param name="Consumer">The client's id; empty for a first subscriber.</param>
/// <param name="Connected">Whether it listens now.</param>
/// <param name="Verdicts">Verdicts that wait for it.</param>
public sealed record Waiting(string Consumer, bool Connected, long Verdicts);
