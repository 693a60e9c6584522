using System.Text.Json;
using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Station.Tests.Hosting;

public sealed class PartsInLedgerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
    private readonly string _root = Directory.CreateTempSubdirectory("inspection-parts-").FullName;

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public async Task A_part_whose_day_is_forgotten_is_too_old_and_a_number_that_was_never_given_is_unknown()
    {
        await AppendAsync(3, static _ => { });
        File.Delete(Directory.GetFiles(DataFolder.LedgerOf(_root), "*.db").SingleOrDefault() ?? Path.Combine(_root, "none"));
        var yesterday = Directory.GetFiles(DataFolder.LedgerOf(_root), "*.journal").ShouldHaveSingleItem();
        _time.Advance(TimeSpan.FromDays(1));
        await AppendAsync(3, ledger => PartsInLedger.Find(ledger, 2).Value!.ShouldHaveSingleItem().Verdict.ShouldBe(VerdictKind.Reject));
        File.Delete(yesterday);
        await AppendAsync(0, ledger =>
        {
            PartsInLedger.Find(ledger, 2).Failure!.Code.ShouldBe("part-too-old");
            PartsInLedger.Find(ledger, 5).Value!.ShouldHaveSingleItem().Number.Sequence.ShouldBe(5);
            PartsInLedger.Find(ledger, 7).Failure!.Code.ShouldBe("unknown-sequence");
            PartsInLedger.Find(ledger, -1).Failure!.Code.ShouldBe("unknown-sequence");
        });
    }

    private async Task AppendAsync(int parts, Action<JournalLedger> look)
    {
        using var folder = DataFolder.Open(_root, _time).Value!;
        var opened = JournalLedger.Open(folder, new StoreOptions(), _time, new Alarms(_time, (_, _) => { }), () => true, true, NullLogger.Instance);
        opened.Failure.ShouldBeNull();
        await using var ledger = opened.Value!;
        ledger.Start();
        for (var i = 0; i < parts; i++)
        {
            var part = new Part(_time);
            ledger.TryAppend(part).ShouldBeTrue();
            await part.Durable.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        look(ledger);
    }

    /// <summary>A reject with as much of its body as is read here.</summary>
    private sealed class Part : EntryDraft
    {
        public Part(TimeProvider time) => (At, Timestamp) = (time.GetUtcNow(), time.GetTimestamp());

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override EntryKind Kind => EntryKind.Inspection;

        public override void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers)
            => json.WriteRawValue($$"""{"sequence":{{numbers.Sequence}},"purpose":"production","verdict":"Reject","reason":"above-threshold","interlock":"Running","lot":null,"views":[{"image":null}]}""");

        public override void OnDurable(in EntryNumbers numbers) => Durable.SetResult();
    }
}
