using System.Text.Json;
using Inspection.Core;
using Inspection.Store;
using Inspection.Testing;

namespace Inspection.Station.Tests.Running;

public sealed class OverrideTests
{
    [Fact]
    public async Task People_overrule_parts_of_this_run_and_of_an_earlier_ledger_and_nothing_is_edited()
    {
        using var box = new StationBox();
        box.SimulateAt(20, StationBox.Patient);
        await using (var station = await StationInside.StartAsync(box)) await station.RunUntilPassedAsync(3);
        using (var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!) JournalLedger.MarkRestored(folder).ShouldBeNull();
        InspectionNumber earlier, now;
        await using (var station = await StationInside.StartAsync(box))
        {
            await station.RunUntilPassedAsync(3);
            var overrides = station.Parts.Overrides;
            var parts = (await overrides.FindAsync(2)).Value!;
            (now, earlier) = (parts[0].Number, parts[1].Number);
            now.LedgerId.ShouldNotBe(earlier.LedgerId);
            parts.ShouldAllBe(p => p.InForce == VerdictKind.Pass && p.Overrides.Count == 0);
            (await overrides.OverruleAsync(Some.Operator, new(earlier, VerdictKind.Reject, "found at packing"))).ShouldBeNull();
            (await overrides.OverruleAsync(Some.Person, new(earlier, VerdictKind.Pass, "it was another part"))).ShouldBeNull();
            (await overrides.OverruleAsync(Some.Operator, new(now, VerdictKind.Reject, "a crack was seen"))).ShouldBeNull();
            (await overrides.FindAsync(2)).Value!.Select(p => p.InForce).ShouldBe([VerdictKind.Reject, VerdictKind.Pass]);
            (await overrides.FindAsync(1_000_000)).Failure!.Code.ShouldBe("unknown-sequence");
            (await overrides.FindAsync(0)).Failure!.Code.ShouldBe("unknown-sequence");
            station.Parts.Counters.Snapshot().Overridden.ShouldBe(3);
        }
        box.Verify().FirstBad.ShouldBeNull();
        var made = new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new() { Kind = EntryKind.Override }).Rows.Reverse().Select(r => JsonElement.Parse(r.Body.Span)).ToList();
        made.Select(m => (InspectionNumber.Of(m), m.GetProperty("from").GetString(), m.GetProperty("to").GetString())).ShouldBe(
            [(earlier, "Pass", "Reject"), (earlier, "Reject", "Pass"), (now, "Pass", "Reject")]);
        box.Verdicts().Select(v => StationBox.Member(v, "verdict").GetString()).ShouldContain("Pass");

        var (exit, said, output) = await StationProcess.RunAsync("ledger", "query", "--first", "2", "--last", "2", "--json", "--data", box.Data);
        exit.ShouldBe(0, said);
        said.ShouldContain("Pass within-threshold, overruled to Reject");
        JsonElement.Parse(output).EnumerateArray().Select(row => row.GetProperty("overruledTo").GetString()).ShouldBe(["Reject", "Pass"]);
        (_, said, _) = await StationProcess.RunAsync("ledger", "query", "--kind", "override", "--data", box.Data);
        said.ShouldContain("of sequence 2: Pass → Reject by Olga: a crack was seen");
    }

    [Fact]
    public async Task The_alarm_of_a_delivered_part_comes_back_after_a_restart_until_somebody_has_answered()
    {
        using var box = new StationBox();
        box.SimulateAt(20, StationBox.Patient);
        InspectionNumber part;
        await using (var station = await StationInside.StartAsync(box))
        {
            await station.RunUntilPassedAsync(3);
            part = (await DeliveredAsync(station))!.Value;
            (await station.Parts.Overrides.OverruleAsync(Some.Operator, new(part, VerdictKind.Reject, "found at packing"))).ShouldBeNull();
            Delivered(station).ShouldNotBeNull();
        }
        await using (var station = await StationInside.StartAsync(box))
        {
            var alarm = Delivered(station).ShouldNotBeNull();
            alarm.Message.ShouldContain($"Part {part.Sequence} of ");
            alarm.Message.ShouldContain("found at packing");
            station.Parts.Overrides.AnswerDelivered(Some.Operator)!.Code.ShouldBe("lot-not-permitted");
            station.Parts.Overrides.AnswerDelivered(Some.Person).ShouldBeNull();
            Delivered(station).ShouldBeNull();
        }
        var answers = new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new() { Kind = EntryKind.Audit }).Rows.Select(r => JsonElement.Parse(r.Body.Span))
            .Where(a => a.GetProperty("action").GetString() == Overrides.Answered).ToList();
        answers.ShouldHaveSingleItem().GetProperty("detail").GetString().ShouldEndWith($": {part.Sequence}");

        InspectionNumber later;
        await using (var station = await StationInside.StartAsync(box))
        {
            Delivered(station).ShouldBeNull("it was answered");
            await station.RunUntilPassedAsync(3);
            later = (await DeliveredAsync(station, part.Sequence + 1))!.Value;
            (await station.Parts.Overrides.OverruleAsync(Some.Operator, new(later, VerdictKind.Reject, "another one"))).ShouldBeNull();
        }
        using (var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!) JournalLedger.MarkRestored(folder).ShouldBeNull();
        await using (var station = await StationInside.StartAsync(box))
        {
            var message = Delivered(station).ShouldNotBeNull("a new ledgerId forgets nothing").Message;
            message.ShouldContain("another one");
            message.ShouldNotContain("found at packing");
        }
    }

    [Fact]
    public async Task An_answer_covers_only_the_parts_that_the_alarm_had_named()
    {
        using var box = new StationBox();
        box.SimulateAt(20, StationBox.Patient);
        await using (var station = await StationInside.StartAsync(box))
        {
            await station.RunUntilPassedAsync(3);
            var shown = (await DeliveredAsync(station))!.Value;
            var unseen = (await DeliveredAsync(station, shown.Sequence + 1))!.Value;
            (await station.Parts.Overrides.OverruleAsync(Some.Operator, new(shown, VerdictKind.Reject, "found at packing"))).ShouldBeNull();
            // As an override leaves it that is not durable yet: the lot is held, and the alarm is still to come.
            station.Parts.Outbox.Append(new LotEntry(TimeProvider.System, true, Some.Operator, null, Overrides.LotReason, "nobody was shown this one", null) { Inspection = unseen });
            station.Parts.Overrides.AnswerDelivered(Some.Person).ShouldBeNull();
        }
        await using (var station = await StationInside.StartAsync(box))
            Delivered(station).ShouldNotBeNull().Message.ShouldBe("nobody was shown this one");
    }

    private static Alarm? Delivered(StationInside station) => station.Parts.Alarms.Active.FirstOrDefault(a => a.Code == "delivered-part-rejected");

    /// <summary>A part of this run that passed while the relay was energised.</summary>
    private static async Task<InspectionNumber?> DeliveredAsync(StationInside station, long from = 1)
    {
        InspectionNumber? found = null;
        for (var sequence = from; found is null && sequence < from + 500; sequence++)
        {
            var parts = await station.Parts.Overrides.FindAsync(sequence);
            if (parts.Succeeded && parts.Value[0] is { CountsAsDelivered: true, InForce: VerdictKind.Pass } part) found = part.Number;
        }
        return found;
    }
}
