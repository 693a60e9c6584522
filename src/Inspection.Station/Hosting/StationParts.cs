using Inspection.Core;
using Inspection.Gpio;
using Inspection.Mqtt;
using Inspection.Station.Settings;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>What runs, for those who wait for it and end it.</summary>
internal sealed record StationParts(
    StationSettings Settings, LedgerInUse Ledger, Interlock Interlock, Alarms Alarms, Capture Capture, LoopThread Loop, Counters Counters,
    MqttDelivery Mqtt, EntryOutbox Outbox, bool Simulated, TimeProvider Time, ILogger Log)
{
    /// <summary>The station's lines.</summary>
    public required GpioLines Lines { get; init; }

    /// <summary>People's last word on single parts.</summary>
    public required Overrides Overrides { get; init; }

    /// <summary>Samples that people label.</summary>
    public required LabelSample Labels { get; init; }

    /// <summary>The recipe's test parts; null where it has none.</summary>
    public TestParts? TestParts { get; init; }

    /// <summary>True when everything that was handed to the ledger is on disk.</summary>
    public bool AllDurable => Outbox.Waiting == 0 && Ledger.Journal.Pending == 0;
}

/// <summary>The ledger while the station uses it.</summary>
/// <param name="journal">The open ledger.</param>
internal sealed class LedgerInUse(JournalLedger journal) : IAsyncDisposable
{
    /// <summary>The ledger.</summary>
    public JournalLedger Journal => journal;

    /// <summary>How long closing waits for what is not durable yet; null for the ledger's own limit.</summary>
    public TimeSpan? Patience { get; set; }

    /// <summary>Entries that could not be stored; known once it is closed.</summary>
    public int NotStored { get; private set; }

    /// <summary>Makes durable what waits and closes the ledger.</summary>
    public async ValueTask DisposeAsync() => NotStored = await journal.StopAsync(Patience);
}
