using System.Text.Json;
using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Mqtt.Tests;

/// <summary>A station without a line: a ledger in memory that outlives its broker, and verdicts on command.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly Dictionary<string, bool> _alarms = [];

    public Bench(TimeProvider? time = null, MqttOptions? options = null)
    {
        Time = time ?? TimeProvider.System;
        Options = options ?? new MqttOptions { Port = 0 };
        Ledger = new MemoryLedger(Time);
        Interlock = new Interlock(Time, Relay, new InterlockOptions(), t => Ledger.TryAppend(new InterlockEntry(Time, true, t)));
        Alarms = new Alarms(Time, (alarm, active) =>
        {
            lock (_alarms) _alarms[alarm.Code] = active;
            if (RecordAlarms) Ledger.TryAppend(new AlarmEntry(Time, true, alarm, active));
        });
    }

    public TimeProvider Time { get; }

    public MqttOptions Options { get; set; }

    public MemoryLedger Ledger { get; }

    public FakeRelay Relay { get; } = new();

    public Interlock Interlock { get; }

    public Alarms Alarms { get; }

    public DeliveryBoard Board { get; } = new();

    public bool RecordAlarms { get; set; }

    public MqttDelivery Delivery { get; private set; } = null!;

    public int Port => Delivery.Port;

    public string Root => Options.Root;

    public MqttStation Station => new(Ledger, Interlock, Alarms, new Counters(Time), Board, Time, true, "0.1.0", () => Some.Context) { Append = entry => Ledger.TryAppend(entry) };

    public static async Task<Bench> StartAsync(MqttOptions? options = null, TimeProvider? time = null)
    {
        var bench = new Bench(time, options);
        await bench.StartAgainAsync();
        return bench;
    }

    public async Task StartAgainAsync()
    {
        var outcome = await MqttDelivery.StartAsync(Options, Station);
        outcome.Failure.ShouldBeNull();
        Delivery = outcome.Value!;
        // A station keeps its port over a restart.
        Options = Options with { Port = Delivery.Port };
    }

    /// <summary>Every socket is closed at once and nothing is said, as at the end of the process.</summary>
    public async Task KillAsync()
    {
        Delivery.Kill();
        await Delivery.DisposeAsync();
    }

    public void Judge(int parts = 1)
    {
        for (var i = 0; i < parts; i++) Ledger.TryAppend(new TestVerdict(Time));
    }

    public void Append(EntryKind kind) => Ledger.TryAppend(new TestVerdict(Time, kind));

    public bool AlarmIs(string code, bool active)
    {
        lock (_alarms) return _alarms.TryGetValue(code, out var now) && now == active;
    }

    public long Acknowledged(string consumer) => Ledger.Cursors.Find(consumer)?.At?.Position ?? 0;

    public async ValueTask DisposeAsync()
    {
        if (Delivery is not null) await Delivery.DisposeAsync();
    }

    /// <summary>An entry with nothing but its numbers.</summary>
    private sealed class TestVerdict : EntryDraft
    {
        public TestVerdict(TimeProvider time, EntryKind kind = EntryKind.Inspection)
        {
            Kind = kind;
            At = time.GetUtcNow();
        }

        public override EntryKind Kind { get; }

        public override void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers)
        {
            json.WriteStartObject();
            json.WriteString("ledgerId", numbers.LedgerId);
            json.WriteNumber("sequence", numbers.Sequence);
            json.WriteNumber("position", numbers.Position);
            json.WriteEndObject();
        }
    }
}
