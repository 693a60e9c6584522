using Inspection.Testing;

namespace Inspection.Core.Tests.TestParts;

public sealed class TestPartsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_station_that_knows_of_no_test_asks_for_each_part_by_name_and_is_proven_when_all_are_right()
    {
        var bench = new Bench(history: Bench.Unknown);
        bench.Now.IsDue.ShouldBeTrue();
        bench.Now.Reasons.ShouldBe(["never-passed"]);
        bench.Alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("test-part-due");
        bench.Start().ShouldBeNull();
        bench.Part(Verdict.Pass).ShouldBeNull("nobody announced it");
        bench.Now.Next!.Name.ShouldBe("good A");
        bench.Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        bench.Now.Announced!.Name.ShouldBe("good A");
        bench.Part(Verdict.Pass)!.By.Name.ShouldBe("Olga");
        bench.Part(Verdict.Pass).ShouldBeNull("only the next part is the announced one");
        bench.Now.Next!.Name.ShouldBe("scratch");
        bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
        bench.Part(Verdict.Reject).ShouldNotBeNull();
        bench.Now.IsDue.ShouldBeFalse();
        bench.Now.LastPassed.ShouldBe(new PassedTest(bench.Time.GetUtcNow(), "Olga"));
        bench.Alarms.Active.ShouldBeEmpty();
        bench.Ledger.Audits(TestEntry.Passed).ShouldHaveSingleItem();
        bench.Interlock.State.ShouldBe(InterlockState.Running);
    }

    [Theory]
    [InlineData("good A", VerdictKind.Reject)]
    [InlineData("good A", VerdictKind.Indeterminate)]
    [InlineData("scratch", VerdictKind.Pass)]
    [InlineData("scratch", VerdictKind.Indeterminate)]
    public void A_wrong_verdict_trips_and_holds_everything_since_the_last_test_that_passed(string part, VerdictKind verdict)
    {
        var bench = new Bench();
        bench.Start().ShouldBeNull();
        bench.Pass(TimeSpan.FromHours(2) + Minute);
        bench.Now.Reasons.ShouldBe(["start-of-shift"]);
        bench.Tests.Announce(Some.Operator, part).ShouldBeNull();
        bench.Part(new(verdict, VerdictReason.NotJudged)).ShouldNotBeNull();
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
        bench.Interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.TestPart);
        bench.Interlock.Snapshot.FirstOut.Detail.ShouldContain($"'{part}'");
        var lot = bench.Ledger.Bodies(EntryKind.Lot).ShouldHaveSingleItem();
        lot.GetProperty("reason").GetString().ShouldBe("test-part-failed");
        lot.GetProperty("madeFrom").GetDateTimeOffset().ShouldBe(Bench.Noon - TimeSpan.FromHours(1));
        lot.GetProperty("madeTo").GetDateTimeOffset().ShouldBe(bench.Time.GetUtcNow(), TimeSpan.FromMilliseconds(1));
        bench.Ledger.Audits(TestEntry.Failed).ShouldHaveSingleItem();
        bench.Now.IsOverdue.ShouldBeTrue("there is no grace after a wrong part");
        bench.Now.Parts.ShouldAllBe(p => !p.Right);
    }

    [Fact]
    public void A_bad_part_that_was_judged_Pass_is_let_go_by_nothing_not_even_where_the_recipe_empties_the_zone_first()
    {
        var bench = new Bench(Bench.Recipe with { Stop = new StopRules { Category = 1, RunOut = TimeSpan.FromSeconds(2) } }, Bench.Unknown);
        bench.Start().ShouldBeNull();
        bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
        bench.Part(Verdict.Pass).ShouldNotBeNull();
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
        bench.Interlock.MayPermit(bench.Last.Timestamp).ShouldBeFalse();
    }

    [Fact]
    public void After_a_wrong_part_nothing_runs_but_to_bring_test_parts_and_a_whole_test_ends_it()
    {
        var bench = new Bench(history: Bench.Unknown);
        bench.Start().ShouldBeNull();
        bench.Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        bench.Part(Verdict.Reject);
        bench.Start()!.Code.ShouldBe("test-part", "nobody announced a test part");
        bench.Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        bench.Start().ShouldBeNull();
        bench.Part(Verdict.Pass).ShouldNotBeNull();
        bench.Interlock.State.ShouldBe(InterlockState.Running);
        bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
        bench.Part(Verdict.Reject).ShouldNotBeNull();
        bench.Now.IsDue.ShouldBeFalse();
        bench.Part(Verdict.Pass).ShouldBeNull();
        bench.Interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void While_overdue_a_part_in_production_trips_and_so_does_an_announced_one_that_stays_away()
    {
        var bench = new Bench(history: Bench.Unknown);
        bench.Start().ShouldBeNull();
        bench.Pass(TimeSpan.FromMinutes(14));
        bench.Now.IsOverdue.ShouldBeFalse();
        bench.Pass(Minute);
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
        bench.Interlock.Snapshot.FirstOut!.Detail.ShouldBe("test parts are overdue");
        bench.Ledger.Bodies(EntryKind.Lot).ShouldBeEmpty("nothing was proven wrong");

        bench.Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        bench.Start().ShouldBeNull();
        bench.Part(Verdict.Pass).ShouldNotBeNull();
        bench.Part(Verdict.Pass).ShouldBeNull();
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);

        bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull("what was right stays right");
        bench.Pass(Minute);
        bench.Start().ShouldBeNull();
        bench.Pass(Minute + Minute - TimeSpan.FromSeconds(10));
        bench.Interlock.State.ShouldBe(InterlockState.Running, "the two minutes begin anew at Start");
        bench.Pass(TimeSpan.FromSeconds(10));
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
        bench.Now.Announced.ShouldBeNull();
        bench.Ledger.Audits("test-part-withdrawn").ShouldHaveSingleItem();
        bench.Start()!.Code.ShouldBe("test-part");
    }

    [Fact]
    public void Standing_still_uses_no_grace_and_neither_stop_nor_start_gives_any_back()
    {
        var bench = new Bench(history: Bench.Unknown);
        bench.Pass(TimeSpan.FromHours(1));
        bench.Now.GraceLeft.ShouldBe(TimeSpan.FromMinutes(15));
        for (var i = 0; i < 3; i++)
        {
            bench.Start().ShouldBeNull();
            bench.Pass(TimeSpan.FromMinutes(4));
            bench.Interlock.Stop(Who.Anybody).ShouldBeNull();
            bench.Pass(TimeSpan.FromMinutes(10));
        }
        bench.Now.GraceLeft.ShouldBe(TimeSpan.FromMinutes(3));
        bench.Start().ShouldBeNull();
        bench.Pass(TimeSpan.FromMinutes(3));
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
    }

    [Fact]
    public void An_announced_part_that_does_not_come_within_two_minutes_is_production_again()
    {
        var bench = new Bench(history: Bench.Unknown);
        bench.Start().ShouldBeNull();
        bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
        bench.Pass(Core.TestParts.AnnouncedFor);
        bench.Now.Announced.ShouldBeNull();
        bench.Part(Verdict.Pass).ShouldBeNull();
        bench.Interlock.State.ShouldBe(InterlockState.Running, "there is grace left");
    }

    [Fact]
    public void A_part_that_was_triggered_before_the_announcement_is_not_the_announced_one_and_neither_is_one_after_a_missed_part()
    {
        var bench = new Bench(history: Bench.Unknown);
        var before = Some.Trigger(bench.Time);
        bench.Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        bench.Tests.Take(before).ShouldBeNull();
        bench.Tests.Missed();
        bench.Part(Verdict.Pass).ShouldBeNull();
        bench.Ledger.Audits("test-part-withdrawn").ShouldHaveSingleItem();
    }

    [Fact]
    public void Test_parts_count_for_no_limit_of_the_recipe()
    {
        var bench = new Bench(history: Bench.Unknown);
        bench.Start().ShouldBeNull();
        bench.Part(Verdict.Reject);
        bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
        bench.Part(Verdict.Reject).ShouldNotBeNull();
        bench.Interlock.State.ShouldBe(InterlockState.Running, "two rejects in a row would have tripped");
        bench.Part(Verdict.Reject).ShouldBeNull();
        bench.Interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.RejectsInARow, "a test part breaks no row either");
    }

    [Fact]
    public void With_a_gate_a_part_is_right_only_once_the_gate_has_done_right()
    {
        var bench = new Bench(WithGate, Bench.Unknown);
        bench.Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        bench.Part(Verdict.Pass).ShouldBeNull("nothing is followed to the gate while the line stands");
        bench.Start().ShouldBeNull();
        bench.Part(Verdict.Pass).ShouldNotBeNull();
        (bench.Now.OnItsWay?.Name, bench.Now.Next).ShouldBe(("good A", null));
        bench.Tests.Announce(Some.Operator, "scratch")!.Code.ShouldBe("test-part-announced");
        bench.Now.Parts[0].Right.ShouldBeFalse();
        bench.Went(Disposition.Delivered);
        bench.Now.Parts[0].Right.ShouldBeTrue();
        bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
        bench.Part(Verdict.Reject).ShouldNotBeNull();
        bench.Now.IsDue.ShouldBeTrue();
        bench.Went(Disposition.Diverted);
        bench.Now.IsDue.ShouldBeFalse();
    }

    [Theory]
    [InlineData("good A", Disposition.Diverted)]
    [InlineData("good A", Disposition.Unknown)]
    [InlineData("scratch", Disposition.Delivered)]
    [InlineData("scratch", Disposition.Unknown)]
    public void A_part_that_was_judged_rightly_and_went_the_wrong_way_fails_the_test(string part, Disposition went)
    {
        var bench = new Bench(WithGate, Bench.Unknown);
        bench.Start().ShouldBeNull();
        bench.Tests.Announce(Some.Operator, part).ShouldBeNull();
        bench.Part(part == "scratch" ? Verdict.Reject : Verdict.Pass).ShouldNotBeNull();
        bench.Went(went);
        bench.Tests.Look();
        bench.Interlock.State.ShouldBe(InterlockState.Tripped);
        bench.Ledger.Bodies(EntryKind.Lot).ShouldHaveSingleItem().GetProperty("detail").GetString()!.ShouldContain($"at the gate is {went}");
        bench.Now.IsOverdue.ShouldBeTrue();
    }

    [Fact]
    public void A_part_of_which_nothing_can_be_told_is_neither_right_nor_wrong_and_is_asked_for_again()
    {
        var bench = new Bench(WithGate, Bench.Unknown);
        bench.Start().ShouldBeNull();
        foreach (var lose in (Action[])[() => bench.Interlock.Stop(Who.Anybody), () => bench.Pass(Core.TestParts.AnnouncedFor), () => bench.Went(Disposition.RemovedByHand)])
        {
            bench.Start().ShouldBeNull();
            bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
            bench.Part(Verdict.Reject).ShouldNotBeNull();
            lose();
            bench.Went(Disposition.Unknown);
            (bench.Now.OnItsWay, bench.Now.Parts[1].Right, bench.Now.Reasons.Count).ShouldBe((null, false, 1));
        }
        bench.Ledger.Bodies(EntryKind.Lot).ShouldBeEmpty();
    }

    [Fact]
    public void A_good_part_that_the_gate_diverted_for_others_on_the_belt_is_asked_for_again()
    {
        var bench = new Bench(WithGate, Bench.Unknown);
        bench.Start().ShouldBeNull();
        bench.Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        bench.Part(Verdict.Pass).ShouldNotBeNull();
        bench.Went(Disposition.Diverted, forOthers: true);
        bench.Tests.Look();
        (bench.Now.OnItsWay, bench.Now.Next?.Name).ShouldBe((null, "good A"));
        bench.Ledger.Bodies(EntryKind.Lot).ShouldBeEmpty();
        bench.Interlock.State.ShouldBe(InterlockState.Running);
    }

    private static readonly Recipe WithGate = Bench.Recipe with { Output = new PartOutput { Mode = OutputMode.Gate } };

    [Fact]
    public void A_part_in_production_allocates_nothing_here_while_a_test_is_due()
    {
        var bench = new Bench(history: Bench.Unknown);
        bench.Start().ShouldBeNull();
        var trigger = Some.Trigger(bench.Time);
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Ask()
        {
            for (var i = 0; i < 1000; i++)
            {
                bench.Tests.SeeSource(0, false);
                if (bench.Tests.Take(trigger) is not null) throw new InvalidOperationException("Nothing was announced.");
            }
        }
    }

    [Fact]
    public void Who_may_announce_what_is_answered_with_what_to_do()
    {
        var bench = new Bench();
        bench.Tests.Announce(Some.Operator, "good A")!.Code.ShouldBe("test-not-due");
        bench = new Bench(history: Bench.Unknown);
        bench.Tests.Announce(Who.Anybody, "good A")!.Code.ShouldBe("not-a-person");
        bench.Tests.Announce(Some.Operator, "another")!.Code.ShouldBe("test-part-not-asked");
        bench.Tests.Announce(Some.Operator, "good A").ShouldBeNull();
        bench.Tests.Announce(Some.Operator, "scratch")!.Code.ShouldBe("test-part-announced");
        bench.Tests.Withdraw(Who.Anybody)!.Code.ShouldBe("not-a-person");
        bench.Tests.Withdraw(Some.Operator).ShouldBeNull();
        bench.Tests.Announce(Some.Operator, "scratch").ShouldBeNull();
        bench.Part(Verdict.Reject);
        bench.Tests.Announce(Some.Operator, "scratch")!.Code.ShouldBe("test-part-not-asked");
    }

    [Fact]
    public void A_bypass_withdraws_what_is_announced_uses_no_grace_and_makes_a_test_due_when_it_ends()
    {
        var bench = new Bench();
        bench.Start().ShouldBeNull();
        bench.Interlock.Stop(Who.Anybody);
        bench.Interlock.SetKey(true, true);
        bench.Interlock.Bypass(Some.Person, new(TripCause.CameraLost, "lens is cleaned", BypassRequest.Usual)).ShouldBeNull();
        bench.Tests.SeeSource(1, false);
        bench.Now.Reasons.ShouldBe(["camera-change"]);
        bench.Tests.Announce(Some.Operator, "good A")!.Code.ShouldBe("test-not-now");
        bench.Pass(TimeSpan.FromMinutes(10));
        bench.Interlock.Stop(Who.Anybody);
        bench.Tests.Look();
        bench.Now.Reasons.ShouldBe(["camera-change", "bypass"]);
        bench.Now.GraceLeft.ShouldBe(TimeSpan.FromMinutes(15));
    }

    [Fact]
    public void A_source_that_is_made_or_comes_back_makes_a_test_due_and_right_parts_are_asked_for_anew()
    {
        var bench = new Bench();
        bench.Tests.SeeSource(1, false);
        bench.Now.Reasons.ShouldBe(["camera-change"]);
        bench.PassTest();
        bench.Now.IsDue.ShouldBeFalse();
        bench.Tests.SeeSource(1, false);
        bench.Now.IsDue.ShouldBeFalse();
        bench.Tests.SeeSource(1, true);
        bench.Now.IsDue.ShouldBeFalse("while it is lost nothing can be shown");
        bench.Tests.SeeSource(1, false);
        bench.Now.IsDue.ShouldBeTrue();
        bench.PassTest();
        bench.Tests.SeeSource(2, false);
        bench.Now.IsDue.ShouldBeTrue();
    }

    [Fact]
    public void An_interval_is_monotonic_so_no_wall_clock_lengthens_it()
    {
        var bench = new Bench(Bench.Recipe with { TestParts = Bench.Recipe.TestParts! with { StartOfShift = [] } });
        bench.Pass(TimeSpan.FromHours(6));
        bench.Now.IsDue.ShouldBeFalse();
        bench.Pass(TimeSpan.FromHours(1));
        bench.Now.Reasons.ShouldBe(["every"]);
    }

    [Theory]
    [InlineData(TestEntry.Passed, 60, "", null)]
    [InlineData(TestEntry.Passed, 9 * 60, "", "start-of-shift,every")]
    [InlineData(TestEntry.Due, 5, "bypass", "bypass")]
    [InlineData(TestEntry.Failed, 5, "", "failed")]
    [InlineData(null, 0, "", "never-passed")]
    public void A_restart_goes_on_where_the_ledger_says_it_was(string? action, int minutesAgo, string reason, string? due)
    {
        var at = Bench.Noon - TimeSpan.FromMinutes(minutesAgo);
        var bench = new Bench(history: new(action, at, reason, action is null ? null : new(action == TestEntry.Passed ? at : Bench.Noon - TimeSpan.FromHours(2), "Olga"), false, false));
        string.Join(",", bench.Now.Reasons).ShouldBe(due ?? "");
        bench.Now.IsOverdue.ShouldBe(action == TestEntry.Failed);
        if (action == TestEntry.Due) bench.Now.GraceLeft.ShouldBe(TimeSpan.FromMinutes(10), "a restart gives no grace back");
        (bench.Start() is null).ShouldBe(action != TestEntry.Failed);
    }

    [Fact]
    public void What_a_clock_that_was_set_back_makes_unbelievable_makes_a_test_due_or_overdue()
    {
        var tomorrow = Bench.Noon + TimeSpan.FromDays(1);
        new Bench(history: new(TestEntry.Passed, tomorrow, "", new(tomorrow, "Olga"), false, false)).Now.Reasons.ShouldBe(["never-passed"]);
        new Bench(history: new(TestEntry.Due, tomorrow, "every", new(Bench.Noon, "Olga"), false, false)).Now.IsOverdue.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, false, "change-over")]
    [InlineData(false, true, "bypass")]
    public void A_change_over_or_a_bypass_before_the_restart_makes_a_test_due(bool changedOver, bool bypassed, string reason)
    {
        var proven = Bench.Proven(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Bench.Noon));
        new Bench(history: proven with { ChangedOver = changedOver, Bypassed = bypassed }).Now.Reasons.ShouldBe([reason]);
        var deaf = Bench.Recipe with { TestParts = Bench.Recipe.TestParts! with { ChangeOver = false, AfterBypass = false } };
        new Bench(deaf, proven with { ChangedOver = changedOver, Bypassed = bypassed }).Now.IsDue.ShouldBeFalse();
    }
}
