using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Overriding;

public sealed class OverridesTests : IDisposable
{
    private static readonly InspectionNumber Number = new(new Guid("01a20aec-ec11-7b0e-94d7-9dd1e534eb6a"), 7);

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryLedger _ledger;
    private readonly Alarms _alarms;
    private readonly Counters _counters;
    private readonly RecentRejects _rejects = new();
    private readonly List<OverrideEntry> _made = [];
    private readonly Overrides _overrides;
    private JudgedPart? _part;

    public OverridesTests()
    {
        (_ledger, _alarms, _counters) = (new(_time), new(_time, (_, _) => { }), new(_time));
        _overrides = new(Find, Append, _alarms, _counters, _rejects, _time, false);
    }

    public void Dispose() => _overrides.Dispose();

    private void Append(EntryDraft entry)
    {
        if (entry is OverrideEntry made) _made.Add(made);
        _ledger.TryAppend(entry);
    }

    private Outcome<IReadOnlyList<JudgedPart>> Find(long sequence)
        => _part is { } part && sequence == part.Number.Sequence
            ? (JudgedPart[])[part with { Overrides = [.. _made.Where(m => m.Stored.IsCompletedSuccessfully).Select(m => m.Change)] }]
            : new Failure("unknown-sequence", "");

    private void Judged(VerdictKind verdict, InterlockState interlock = InterlockState.Running, bool keptOff = false, Purpose purpose = Purpose.Production)
        => _part = new(Number, _time.GetUtcNow(), purpose, verdict, "above-threshold", interlock, "L-77", null, keptOff, []);

    private Task<Failure?> Overrule(VerdictKind to, Who? who = null, string reason = "looked at by hand") => _overrides.OverruleAsync(who ?? Some.Person, new(Number, to, reason));

    [Fact]
    public async Task An_override_is_an_entry_of_its_own_that_names_inspection_verdicts_reason_and_person()
    {
        Judged(VerdictKind.Reject);
        (await Overrule(VerdictKind.Pass, reason: "  only dust ")).ShouldBeNull();
        var entry = _ledger.Bodies(EntryKind.Override).ShouldHaveSingleItem();
        InspectionNumber.Of(entry).ShouldBe(Number);
        (entry.GetProperty("from").GetString(), entry.GetProperty("to").GetString(), entry.GetProperty("reason").GetString()).ShouldBe(("Reject", "Pass", "only dust"));
        entry.GetProperty("who").GetProperty("name").GetString().ShouldBe("Ada");
        _counters.Snapshot().Overridden.ShouldBe(1);
        (_counters.Snapshot().Passed, _counters.Snapshot().Rejected).ShouldBe((0, 0));
        _alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_override_starts_from_the_verdict_then_in_force()
    {
        Judged(VerdictKind.Indeterminate);
        (await Overrule(VerdictKind.Pass)).ShouldBeNull();
        (await Overrule(VerdictKind.Pass))!.Code.ShouldBe("same-verdict");
        (await Overrule(VerdictKind.Reject)).ShouldBeNull();
        _made.Select(m => (m.Change.From, m.Change.To)).ShouldBe([(VerdictKind.Indeterminate, VerdictKind.Pass), (VerdictKind.Pass, VerdictKind.Reject)]);
        _made.ShouldAllBe(m => m.Inspection == Number);
    }

    [Theory]
    [InlineData(Role.Operator, VerdictKind.Pass, "override-not-permitted")]
    [InlineData(Role.Maintenance, VerdictKind.Pass, "override-not-permitted")]
    [InlineData(Role.Setter, VerdictKind.Pass, null)]
    [InlineData(Role.Quality, VerdictKind.Pass, null)]
    [InlineData(Role.Administrator, VerdictKind.Pass, null)]
    [InlineData(Role.Operator, VerdictKind.Reject, null)]
    [InlineData(Role.Maintenance, VerdictKind.Reject, null)]
    public async Task Anybody_signed_in_may_take_a_part_out_and_only_who_answers_for_escapes_may_let_one_go(Role role, VerdictKind to, string? refusal)
    {
        Judged(VerdictKind.Indeterminate);
        (await Overrule(to, Who.Person("Kim", role)))?.Code.ShouldBe(refusal);
        _made.Count.ShouldBe(refusal is null ? 1 : 0);
    }

    [Fact]
    public async Task What_nobody_may_ask_is_refused_and_leaves_no_entry()
    {
        Judged(VerdictKind.Reject);
        (await Overrule(VerdictKind.Pass, Who.Anybody))!.Code.ShouldBe("not-a-person");
        (await Overrule(VerdictKind.Pass, Who.AtButton("start-button")))!.Code.ShouldBe("not-a-person");
        (await Overrule(VerdictKind.Indeterminate))!.Code.ShouldBe("override-verdict");
        foreach (var reason in (string[])["", "  x ", new('x', 201), "two\nlines"]) (await Overrule(VerdictKind.Pass, reason: reason))!.Code.ShouldBe("override-reason");
        Judged(VerdictKind.Reject, purpose: Purpose.TestPart);
        (await Overrule(VerdictKind.Pass))!.Code.ShouldBe("override-test-part");
        _part = null;
        (await Overrule(VerdictKind.Pass))!.Code.ShouldBe("unknown-sequence");
        Judged(VerdictKind.Reject);
        (await _overrides.OverruleAsync(Some.Person, new(Number with { LedgerId = Identifiers.New(_time) }, VerdictKind.Pass, "another ledger's part")))!.Code.ShouldBe("part-too-old");
        _ledger.Bodies(EntryKind.Override).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(InterlockState.Running, false, true)]
    [InlineData(InterlockState.Bypassed, false, true)]
    [InlineData(InterlockState.Running, true, false)]
    [InlineData(InterlockState.Stopped, false, false)]
    [InlineData(InterlockState.Tripped, false, false)]
    public async Task A_part_that_counts_as_delivered_and_is_rejected_raises_an_alarm_and_holds_the_lot(InterlockState then, bool keptOff, bool delivered)
    {
        Judged(VerdictKind.Pass, then, keptOff);
        (await Overrule(VerdictKind.Reject, Some.Operator)).ShouldBeNull();
        (_alarms.Active.SingleOrDefault()?.Code == "delivered-part-rejected").ShouldBe(delivered);
        var lots = _ledger.Bodies(EntryKind.Lot);
        lots.Count.ShouldBe(delivered ? 1 : 0);
        if (!delivered) return;
        InspectionNumber.Of(lots[0]).ShouldBe(Number);
        (lots[0].GetProperty("reason").GetString(), lots[0].GetProperty("lot").GetString()).ShouldBe(("override", "L-77"));
        _overrides.AnswerDelivered(Some.Operator)!.Code.ShouldBe("lot-not-permitted");
        _alarms.Active.ShouldNotBeEmpty();
        _overrides.AnswerDelivered(Some.Person).ShouldBeNull();
        _alarms.Active.ShouldBeEmpty();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_part_that_is_still_before_the_gate_is_diverted_at_once_and_its_lot_is_free(bool before)
    {
        var asked = new List<InspectionNumber>();
        using var overrides = new Overrides(Find, Append, _alarms, _counters, _rejects, _time, false)
        {
            Withdraw = number =>
            {
                asked.Add(number);
                return before;
            },
        };
        Judged(VerdictKind.Pass);
        (await overrides.OverruleAsync(Some.Operator, new(Number, VerdictKind.Reject, "a crack was seen"))).ShouldBeNull();
        asked.ShouldBe([Number]);
        (_ledger.Bodies(EntryKind.Lot).Count, _alarms.Active.Count).ShouldBe(before ? (0, 0) : (1, 1));
        (await overrides.OverruleAsync(Some.Person, new(Number, VerdictKind.Pass, "it was none"))).ShouldBeNull();
        asked.ShouldHaveSingleItem("to let a part go withdraws nothing");
    }

    [Theory]
    [InlineData(VerdictKind.Pass)]
    [InlineData(VerdictKind.Indeterminate)]
    public async Task A_part_that_becomes_a_Reject_is_handed_on_as_known_bad_at_once_and_one_that_is_let_go_is_not(VerdictKind verdict)
    {
        var bad = new List<InspectionNumber>();
        using var overrides = new Overrides(Find, Append, _alarms, _counters, _rejects, _time, false) { KnownBad = bad.Add };
        Judged(verdict);
        _ledger.Holds = true;
        var asked = overrides.OverruleAsync(Some.Operator, new(Number, VerdictKind.Reject, "a crack was seen"));
        await Eventually.Holds(() => bad.Count == 1);
        bad.ShouldBe([Number]);
        asked.IsCompleted.ShouldBeFalse("the picture may be gone before the disk answers");
        _ledger.Flush();
        (await asked).ShouldBeNull();
        _ledger.Holds = false;
        (await overrides.OverruleAsync(Some.Person, new(Number, VerdictKind.Pass, "it was none"))).ShouldBeNull();
        bad.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_lot_s_hold_is_handed_in_right_behind_the_override_before_anything_is_waited_for()
    {
        Judged(VerdictKind.Pass);
        _ledger.Holds = true;
        var taken = new List<EntryKind>();
        _ledger.Taken = entry => taken.Add(entry.Kind);
        var asked = Overrule(VerdictKind.Reject);
        await Eventually.Holds(() => taken.Count == 2);
        taken.ShouldBe([EntryKind.Override, EntryKind.Lot]);
        asked.IsCompleted.ShouldBeFalse();
        _ledger.Flush();
        (await asked).ShouldBeNull();
    }

    [Fact]
    public async Task The_alarm_names_each_delivered_part_until_it_is_answered_and_the_answer_names_them_too()
    {
        foreach (var sequence in (long[])[7, 12])
        {
            _made.Clear();
            Judged(VerdictKind.Pass);
            _part = _part! with { Number = Number with { Sequence = sequence } };
            (await _overrides.OverruleAsync(Some.Operator, new(_part.Number, VerdictKind.Reject, $"crack {sequence}"))).ShouldBeNull();
        }
        var alarm = _alarms.Active.ShouldHaveSingleItem();
        alarm.Message.ShouldStartWith("Parts 7, 12 were let go and are Rejects now. The last: Part 12 of ");
        _overrides.AnswerDelivered(Some.Person).ShouldBeNull();
        _ledger.Audits("delivered-parts-answered").ShouldHaveSingleItem().ShouldEndWith(": 7, 12");
        _made.Clear();
        _part = _part! with { Number = Number with { Sequence = 20 } };
        (await _overrides.OverruleAsync(Some.Operator, new(_part.Number, VerdictKind.Reject, "crack 20"))).ShouldBeNull();
        _alarms.Active.ShouldHaveSingleItem().Message.ShouldStartWith("Part 20 of ", customMessage: "the others are answered for");
    }

    [Fact]
    public async Task An_answer_between_a_lot_s_hold_and_its_alarm_does_not_name_the_part_that_nobody_was_shown()
    {
        Judged(VerdictKind.Pass);
        (await Overrule(VerdictKind.Reject)).ShouldBeNull();
        _made.Clear();
        Judged(VerdictKind.Pass);
        _part = _part! with { Number = Number with { Sequence = 12 } };
        var taken = new List<EntryDraft>();
        _ledger.Taken = taken.Add;
        _ledger.Holds = true;
        var asked = _overrides.OverruleAsync(Some.Operator, new(_part.Number, VerdictKind.Reject, "crack 12"));
        await Eventually.Holds(() => taken.Count == 2);
        _overrides.AnswerDelivered(Some.Person).ShouldBeNull();
        taken[^1].ShouldBeOfType<AuditEntry>().Parts.ShouldBe([Number]);
        _ledger.Flush();
        (await asked).ShouldBeNull();
        _alarms.Active.ShouldHaveSingleItem().Message.ShouldStartWith("Part 12 of ");
    }

    [Fact]
    public async Task A_part_that_a_person_let_go_counts_as_delivered_although_the_gate_had_diverted_it()
    {
        Judged(VerdictKind.Reject, keptOff: true);
        (await Overrule(VerdictKind.Pass)).ShouldBeNull();
        (await Overrule(VerdictKind.Reject)).ShouldBeNull();
        _ledger.Bodies(EntryKind.Lot).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nothing_is_said_to_be_overruled_before_it_is_durable()
    {
        Judged(VerdictKind.Pass);
        _ledger.Holds = true;
        var asked = Overrule(VerdictKind.Reject);
        await Eventually.Holds(() => _made.Count == 1);
        asked.IsCompleted.ShouldBeFalse();
        await Eventually.Holds(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return asked.IsCompleted;
        });
        (await asked)!.Code.ShouldBe("override-not-stored");
        (await Overrule(VerdictKind.Reject))!.Code.ShouldBe("override-not-stored", "an override under way might be told twice");
        _counters.Snapshot().Overridden.ShouldBe(0);
        _ledger.Flush();
        await Eventually.Holds(() => _alarms.Active.Count == 1);
        (await Overrule(VerdictKind.Reject))!.Code.ShouldBe("same-verdict");
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_read_refuses()
    {
        using var blind = new Overrides(_ => throw new IOException("gone"), Append, _alarms, _counters, _rejects, _time, false);
        (await blind.OverruleAsync(Some.Person, new(Number, VerdictKind.Pass, "looked at it")))!.Code.ShouldBe("ledger-not-read");
    }

    [Fact]
    public async Task The_last_rejects_show_it()
    {
        Judged(VerdictKind.Reject);
        _rejects.Add(new(7, Verdict.Reject, 0.9f, 0.5f, null, null, _time.GetUtcNow()) { LedgerId = Number.LedgerId });
        _rejects.Add(new(7, Verdict.Reject, 0.9f, 0.5f, null, null, _time.GetUtcNow()) { LedgerId = Identifiers.New(_time) });
        (await Overrule(VerdictKind.Pass)).ShouldBeNull();
        _rejects.Latest.Select(r => r.Override?.To).ShouldBe([null, VerdictKind.Pass]);
    }
}
