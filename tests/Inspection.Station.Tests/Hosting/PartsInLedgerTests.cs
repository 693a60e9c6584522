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

    [Theory]
    [InlineData("""
        "purpose":"production"
        """)]
    [InlineData("""
        "purpose":"sport","reason":"above-threshold","interlock":"Running","lot":null,"views":[{"image":null}]
        """)]
    [InlineData("""
        "purpose":"production","reason":"above-threshold","interlock":7,"lot":null,"views":[{"image":null}]
        """)]
    [InlineData("""
        "purpose":"production","reason":"above-threshold","interlock":"Running","lot":null,"views":[]
        """)]
    public async Task An_entry_that_is_not_as_this_version_writes_it_is_told_and_throws_nothing(string members)
    {
        using var folder = DataFolder.Open(_root, _time).Value!;
        await using var ledger = JournalLedger.Open(folder, new StoreOptions(), _time, new Alarms(_time, (_, _) => { }), () => true, true, NullLogger.Instance).Value!;
        ledger.Start();
        var odd = new Odd(_time, $$"""{"sequence":1,"verdict":"Reject",{{members}}}""");
        ledger.TryAppend(odd).ShouldBeTrue();
        await odd.Durable.Task.WaitAsync(TimeSpan.FromSeconds(20));
        PartsInLedger.Find(ledger, 1).Failure!.Code.ShouldBe("part-not-read");
    }

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

    [Theory]
    [InlineData(null, false)]
    [InlineData("Delivered", false)]
    [InlineData("Unknown", false)]
    [InlineData("Diverted", true)]
    [InlineData("RemovedByHand", true)]
    public async Task A_part_that_is_known_to_have_left_the_line_does_not_count_as_delivered(string? disposition, bool keptOff)
    {
        await AppendAsync(1, _ => { });
        await AppendAsync(0, async ledger =>
        {
            if (disposition is not null)
            {
                var told = new Went(_time, ledger.Last.LedgerId, disposition);
                ledger.TryAppend(told).ShouldBeTrue();
                await told.Durable.Task.WaitAsync(TimeSpan.FromSeconds(20));
            }
            PartsInLedger.Find(ledger, 1).Value!.ShouldHaveSingleItem().KeptOff.ShouldBe(keptOff);
        });
    }

    private Task AppendAsync(int parts, Action<JournalLedger> look) => AppendAsync(parts, ledger =>
    {
        look(ledger);
        return Task.CompletedTask;
    });

    private async Task AppendAsync(int parts, Func<JournalLedger, Task> look)
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
        await look(ledger);
    }

    /// <summary>What became of the first part.</summary>
    private sealed class Went(TimeProvider time, Guid of, string disposition) : StationEntry(time, true, Who.Station)
    {
        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override EntryKind Kind => EntryKind.Disposition;

        public override void OnDurable(in EntryNumbers numbers) => Durable.SetResult();

        protected override void WriteMembers(Utf8JsonWriter json)
        {
            new InspectionNumber(of, 1).Write(json);
            json.WriteString("disposition", disposition);
        }
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

    private sealed class Odd : EntryDraft
    {
        private readonly string _body;

        public Odd(TimeProvider time, string body) => (At, Timestamp, _body) = (time.GetUtcNow(), time.GetTimestamp(), body);

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override EntryKind Kind => EntryKind.Inspection;

        public override void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers) => json.WriteRawValue(_body);

        public override void OnDurable(in EntryNumbers numbers) => Durable.SetResult();
    }
}
