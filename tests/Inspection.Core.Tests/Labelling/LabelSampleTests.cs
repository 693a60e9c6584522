using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Labelling;

public sealed class LabelSampleTests : IDisposable
{
    private static readonly JudgingModel Judge = new(Some.Model, 0.5f);
    private static readonly Who Quinn = Who.Person("Quinn", Role.Quality);

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryLedger _ledger;
    private readonly LabelBook _book = new();
    private readonly HashSet<long> _gone = [];
    private readonly List<long> _bad = [];
    private readonly Guid _chain;
    private readonly LabelSample _sample;
    private LabelDraw? _drawn;

    public LabelSampleTests()
    {
        _ledger = new(_time);
        _chain = _ledger.Last.LedgerId;
        _sample = new(Judge, _book, new(_ => null, part => _gone.Contains(part.Sequence) ? new Failure("picture-gone", "gone") : $"{part.Sequence}.jpg"), Append, _time, true)
        { KnownBad = part => _bad.Add(part.Sequence) };
    }

    public void Dispose() => _sample.Dispose();

    /// <summary>Parts 1–100, of which each tenth is a reject; each has a picture.</summary>
    private void Inspect(int parts = 100)
    {
        for (var sequence = 1; sequence <= parts; sequence++)
            _book.Inspected(Judge, new(new(_chain, sequence), sequence % 10 == 0 ? VerdictKind.Reject : VerdictKind.Pass), true);
    }

    /// <summary>What is durable is told to the book, as reading the ledger does.</summary>
    private void Append(EntryDraft entry)
    {
        _ledger.TryAppend(entry);
        if (entry is LabelDrawEntry drawn) _book.Drawn(_drawn = drawn.Draw, drawn.Before);
        if (entry is LabelEntry { Given: var given }) _book.Labelled(Judge, given);
    }

    private async Task<LabelState> DrawAsync(int count = 10) => (await _sample.DrawAsync(Quinn, count)).Value.ShouldNotBeNull();

    [Fact]
    public async Task Half_are_rejects_half_passes_mixed_in_an_order_that_the_seed_alone_gives()
    {
        Inspect();
        (await DrawAsync()).Open.ShouldNotBeNull().ShouldSatisfyAllConditions(o => o.Size.ShouldBe(10), o => o.Done.ShouldBe(0), o => o.Part.ShouldBe(_drawn!.Parts[0].Number));
        var draw = _drawn!;
        draw.Parts.Count(p => p.Verdict == VerdictKind.Reject).ShouldBe(5);
        draw.Parts.ShouldBe(draw.Parts.OrderBy(p => SampleRank.Of(draw.Seed, p.Number)));
        // Anybody can draw it again from the seed in the ledger.
        foreach (var verdict in (VerdictKind[])[VerdictKind.Reject, VerdictKind.Pass])
        {
            var all = Enumerable.Range(1, 100).Where(s => (s % 10 == 0) == (verdict == VerdictKind.Reject)).Select(s => new InspectionNumber(_chain, s));
            all.OrderBy(n => SampleRank.Of(draw.Seed, n)).Take(5).ShouldBe(draw.Parts.Where(p => p.Verdict == verdict).Select(p => p.Number));
        }
    }

    [Theory]
    [InlineData(20, 40, 4, 16)]
    [InlineData(4, 40, 2, 2)]
    [InlineData(200, 40, 4, 36)]
    public async Task Where_one_verdict_does_not_last_the_other_fills_up(int count, int parts, int rejects, int passes)
    {
        Inspect(parts);
        await DrawAsync(count);
        (_drawn!.Parts.Count(p => p.Verdict == VerdictKind.Reject), _drawn.Parts.Count(p => p.Verdict == VerdictKind.Pass)).ShouldBe((rejects, passes));
    }

    [Fact]
    public void The_rank_is_the_documented_one()
        // sha256 of the seed's 16 bytes, the ledgerId's 16 and the sequence's 8, its first 8 bytes; by Python's hashlib.
        => SampleRank.Of("000102030405060708090a0b0c0d0e0f", new(new Guid("01a20aec-ec11-7b0e-94d7-9dd1e534eb6a"), 1204)).ShouldBe(0xD9328D34F741A7B0);

    [Fact]
    public async Task Every_part_of_a_verdict_is_drawn_equally_often()
    {
        // 2 of 10 rejects in 500 draws: each is drawn 100 times on average, standard deviation 8.9; five of them either way.
        var times = new int[11];
        for (var draw = 0; draw < 500; draw++)
        {
            _book.Clear();
            Inspect();
            await DrawAsync(4);
            foreach (var part in _drawn!.Parts.Where(p => p.Verdict == VerdictKind.Reject)) times[part.Number.Sequence / 10]++;
        }
        times[1..].ShouldAllBe(t => t > 55 && t < 145);
        times.Sum().ShouldBe(1000);
    }

    [Fact]
    public async Task A_label_is_an_entry_with_who_which_part_which_draw_and_what_and_is_no_message()
    {
        Inspect();
        var open = (await DrawAsync(2)).Open!;
        (await _sample.LabelAsync(Quinn, open, PartLabel.CannotTell)).Failure.ShouldBeNull();
        _ledger.Audits("sample-drawn").ShouldHaveSingleItem().ShouldBe("2 parts judged by demo-part@1 to be labelled");
        _ledger.Audits("part-labelled").ShouldHaveSingleItem().ShouldBe("it cannot be told");
        _ledger.Last.Position.ShouldBe(0, "labels change no verdict, so nobody in the plant books them");
    }

    [Fact]
    public async Task A_draw_that_is_open_is_continued_rather_than_begun_anew()
    {
        Inspect();
        await DrawAsync();
        var first = _drawn!.Id;
        (await DrawAsync(50)).Open!.Draw.ShouldBe(first);
        _ledger.Audits("sample-drawn").Count.ShouldBe(1);
    }

    [Fact]
    public async Task No_part_is_drawn_twice_and_at_the_end_none_is_left()
    {
        Inspect(40);
        var seen = new List<long>();
        while (await _sample.DrawAsync(Quinn, 8) is { Succeeded: true } drawn)
        {
            seen.AddRange(_drawn!.Parts.Select(p => p.Number.Sequence));
            for (var open = drawn.Value!.Open; open is not null;) open = (await _sample.LabelAsync(Quinn, open, PartLabel.Good)).Value!.Open;
        }
        seen.Order().ShouldBe(Enumerable.Range(1, 40).Select(s => (long)s));
        (await _sample.DrawAsync(Quinn, 8)).Failure!.Code.ShouldBe("no-parts-to-label");
        _book.Counts(Judge).ShouldSatisfyAllConditions(c => c.Rejects.ShouldBe(new(4, 0, 0)), c => c.Passes.ShouldBe(new(36, 0, 0)), c => c.People.ShouldBe(["Quinn"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(201)]
    [InlineData(10_000)]
    [InlineData(-5)]
    public async Task A_size_that_no_sample_has_is_refused_with_the_range(int count)
    {
        Inspect();
        var refused = (await _sample.DrawAsync(Quinn, count)).Failure!;
        refused.Code.ShouldBe("sample-size");
        refused.Message.ShouldContain("2–200");
    }

    [Theory]
    [InlineData(Role.Operator, "label-not-permitted")]
    [InlineData(Role.Maintenance, "label-not-permitted")]
    [InlineData(Role.Setter, null)]
    [InlineData(Role.Quality, null)]
    [InlineData(Role.Administrator, null)]
    public async Task Who_answers_for_parts_may_draw_and_label(Role role, string? refusal)
    {
        Inspect();
        var open = (await DrawAsync()).Open!;
        (await _sample.DrawAsync(Who.Person("Kim", role), 10)).Failure?.Code.ShouldBe(refusal);
        (await _sample.LabelAsync(Who.Person("Kim", role), open, PartLabel.Good)).Failure?.Code.ShouldBe(refusal);
        _ledger.Audits("part-labelled").Count.ShouldBe(refusal is null ? 1 : 0);
    }

    [Fact]
    public async Task Nobody_who_did_not_sign_in_labels_and_no_other_word_is_a_label()
    {
        Inspect();
        var open = (await DrawAsync()).Open!;
        (await _sample.LabelAsync(Who.Anybody, open, PartLabel.Good)).Failure!.Code.ShouldBe("not-a-person");
        (await _sample.LabelAsync(Who.AtButton("start-button"), open, PartLabel.Good)).Failure!.Code.ShouldBe("not-a-person");
        (await _sample.LabelAsync(Quinn, open, PartLabel.LeftOut)).Failure!.Code.ShouldBe("label-unknown");
        _ledger.Audits("part-labelled").ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_next_part_is_labelled_once_and_never_again()
    {
        Inspect();
        var open = (await DrawAsync(2)).Open!;
        (await _sample.LabelAsync(Quinn, open with { Part = _drawn!.Parts[1].Number }, PartLabel.Good)).Failure!.Code.ShouldBe("label-not-next");
        (await _sample.LabelAsync(Quinn, open with { Part = new(_chain, 99_999) }, PartLabel.Good)).Failure!.Code.ShouldBe("label-not-next");
        (await _sample.LabelAsync(Quinn, open with { Draw = Identifiers.New(_time) }, PartLabel.Good)).Failure!.Code.ShouldBe("sample-over");
        var second = (await _sample.LabelAsync(Quinn, open, PartLabel.Good)).Value!.Open!;
        var again = (await _sample.LabelAsync(Some.Person, open, PartLabel.Bad)).Failure!;
        again.Code.ShouldBe("label-given");
        again.Message.ShouldStartWith("Quinn labelled this part meanwhile");
        (await _sample.LabelAsync(Quinn, second, PartLabel.Good)).Value!.Open.ShouldBeNull();
        (await _sample.LabelAsync(Quinn, second, PartLabel.Good)).Failure!.Code.ShouldBe("label-given");
        _book.Counts(Judge).Passes.All.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_people_who_label_the_same_part_at_once_one_is_told_that_the_other_was_quicker()
    {
        Inspect();
        var open = (await DrawAsync()).Open!;
        var both = await Task.WhenAll(_sample.LabelAsync(Quinn, open, PartLabel.Good), _sample.LabelAsync(Some.Person, open, PartLabel.Bad));
        both.Count(o => o.Succeeded).ShouldBe(1);
        both.Single(o => !o.Succeeded).Failure!.Code.ShouldBe("label-given");
        _ledger.Audits("part-labelled").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_part_whose_picture_vanished_is_left_out_by_the_station_and_its_number_is_told()
    {
        Inspect();
        await DrawAsync(4);
        _gone.UnionWith([_drawn!.Parts[0].Number.Sequence, _drawn.Parts[1].Number.Sequence]);
        var state = (await _sample.LookAsync()).Value!;
        state.Open!.ShouldSatisfyAllConditions(o => o.Done.ShouldBe(2), o => o.Part.ShouldBe(_drawn.Parts[2].Number));
        state.LeftOut.ShouldBe([_drawn.Parts[0].Number, _drawn.Parts[1].Number]);
        (state.Statement.Counts.Passes.All, state.Statement.Counts.Rejects.All, state.Statement.Counts.People.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task A_bad_part_is_handed_on_and_one_that_had_passed_is_named_until_it_is_overruled()
    {
        Inspect();
        var open = (await DrawAsync(10)).Open;
        LabelState? state = null;
        while (open is not null) (state, open) = (await _sample.LabelAsync(Quinn, open, PartLabel.Bad)).Value is { } now ? (now, now.Open) : (null, null);
        _bad.ShouldBe(_drawn!.Parts.Select(p => p.Number.Sequence));
        state!.Missed.ShouldBe(_drawn.Parts.Where(p => p.Verdict == VerdictKind.Pass).Select(p => p.Number), ignoreOrder: true);
        _book.Overruled(state.Missed[0], VerdictKind.Reject);
        _book.Overruled(state.Missed[1], VerdictKind.Reject);
        _book.Overruled(state.Missed[1], VerdictKind.Pass);
        (await _sample.LookAsync()).Value!.Missed.ShouldBe(state.Missed.Skip(1));
    }

    [Fact]
    public async Task Nothing_is_said_to_be_labelled_before_it_is_durable()
    {
        Inspect();
        var open = (await DrawAsync()).Open!;
        _ledger.Holds = true;
        var asked = _sample.LabelAsync(Quinn, open, PartLabel.Good);
        await Eventually.Holds(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return asked.IsCompleted;
        });
        (await asked).Failure!.Code.ShouldBe("label-not-stored");
        (await _sample.LabelAsync(Quinn, open, PartLabel.Bad)).Failure!.Code.ShouldBe("label-not-stored", "a label under way might be given twice");
        _bad.ShouldBeEmpty();
        _ledger.Flush();
        (await _sample.LabelAsync(Quinn, open, PartLabel.Bad)).Failure!.Code.ShouldBe("label-given");
    }

    [Fact]
    public async Task A_ledger_or_picture_that_cannot_be_read_now_leaves_no_part_out()
    {
        Inspect();
        await DrawAsync();
        using var blind = new LabelSample(Judge, _book, new(_ => null, _ => throw new IOException("it hangs")), Append, _time, true);
        var refused = (await blind.LookAsync()).Failure!;
        refused.Code.ShouldBe("ledger-not-read");
        refused.Message.ShouldContain("it hangs");
        using var damaged = new LabelSample(Judge, _book, new(_ => new Failure("ledger-not-as-written", "entry 7"), _ => ""), Append, _time, true);
        (await damaged.LookAsync()).Failure!.Code.ShouldBe("ledger-not-as-written");
        (await damaged.DrawAsync(Quinn, 10)).Failure!.Code.ShouldBe("ledger-not-as-written");
        _ledger.Audits("part-labelled").ShouldBeEmpty();
    }

    [Fact]
    public void What_a_draw_says_was_counted_before_it_replaces_what_was_forgotten_and_the_same_entry_counts_once()
    {
        Inspect(10);
        var before = new LabelCounts(5_000, 200, new(30, 1, 0), new(3, 20, 1), ["Ada"]);
        var draw = new LabelDraw(Identifiers.New(_time), Judge, SampleRank.NewSeed(), [new(new(_chain, 3), VerdictKind.Pass)]);
        _book.Labelled(Judge, new(Identifiers.New(_time), new(new(_chain, 1), VerdictKind.Pass), PartLabel.Good, Some.Person));
        _book.Counts(Judge).Passes.All.ShouldBe(0, "the label of a forgotten draw is counted by the next one");
        for (var told = 0; told < 2; told++)
        {
            _book.Drawn(draw, before);
            _book.Labelled(Judge, new(draw.Id, draw.Parts[0], PartLabel.Good, Quinn));
        }
        _book.Counts(Judge).ShouldSatisfyAllConditions(
            c => (c.Passed, c.Rejected).ShouldBe((5_000, 200)), c => c.Passes.ShouldBe(new(31, 1, 0)), c => c.Rejects.ShouldBe(new(3, 20, 1)), c => c.People.ShouldBe(["Ada", "Quinn"]));
        _book.Counts(Judge with { Threshold = 0.6f }).ShouldBe(LabelCounts.None, "another threshold is another judge");
        _book.Open(Judge).ShouldBeNull();
    }
}
