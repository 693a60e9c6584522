namespace Inspection.Core;

/// <summary>How the ledger is read for samples.</summary>
/// <param name="Follow">Tells a book all durable entries that it has not been told; or why that cannot be. May take minutes the first time; throws <see cref="IOException"/>.</param>
/// <param name="Picture">The path of a part's picture within the pictures folder, once its bytes were found to be those of the entry; or why it will never be shown again. Throws <see cref="IOException"/>.</param>
public sealed record LabelReading(Func<LabelBook, Failure?> Follow, Func<InspectionNumber, Outcome<string>> Picture);

/// <summary>Where labelling stands.</summary>
/// <param name="Statement">What the labels say so far.</param>
/// <param name="Open">The part that is to be labelled now; null where no sample is open.</param>
/// <param name="LeftOut">Parts of the newest sample that were left out, because their pictures are gone or damaged.</param>
/// <param name="Missed">Parts that passed, were labelled bad, and that nobody overruled to Reject.</param>
public sealed record LabelState(
    LabelStatement Statement, OpenSample? Open, IReadOnlyList<InspectionNumber> LeftOut, IReadOnlyList<InspectionNumber> Missed);

/// <summary>The part that is to be labelled now, without anything that the station thinks of it.</summary>
/// <param name="Draw">The draw.</param>
/// <param name="Size">How many parts it has.</param>
/// <param name="Done">How many of them are labelled or left out.</param>
/// <param name="Part">The part.</param>
/// <param name="PicturePath">Its picture, within the pictures folder.</param>
public sealed record OpenSample(Guid Draw, int Size, int Done, InspectionNumber Part, string PicturePath);

/// <summary>
/// Random samples of passes and rejects that people label, one model's at a time. All that is counted is read back from
/// the ledger, so that a restart and a recount give the same. One act at a time; thread-safe; not for the hot path.
/// </summary>
/// <param name="judge">Whose verdicts are drawn.</param>
/// <param name="book">What the ledger was found to say; this object's from now on.</param>
/// <param name="reading">How the ledger is read.</param>
/// <param name="append">Takes entries; must return at once.</param>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the entries.</param>
public sealed class LabelSample(
    JudgingModel judge, LabelBook book, LabelReading reading, Action<EntryDraft> append, TimeProvider time, bool simulated) : IDisposable
{
    /// <summary>The fewest parts of a sample.</summary>
    public const int Fewest = 2;

    /// <summary>The most parts of a sample: what people can look at in one go.</summary>
    public const int Most = 200;

    /// <summary>Parts of a sample where nobody says.</summary>
    public const int Usual = 20;

    private readonly SemaphoreSlim _one = new(1);
    private Task<bool> _last = Task.FromResult(true);

    /// <summary>Takes each part that a person labelled bad; must return at once.</summary>
    public Action<InspectionNumber> KnownBad { get; init; } = static _ => { };

    /// <summary>Where labelling stands; a part whose picture is gone meanwhile is left out by this.</summary>
    /// <returns>The state; or <c>ledger-not-as-written</c>, <c>ledger-not-read</c> or <c>label-not-stored</c>.</returns>
    public Task<Outcome<LabelState>> LookAsync() => AloneAsync(StateAsync);

    /// <summary>Draws a sample, or goes on with the one that is open.</summary>
    /// <param name="who">Who asks for it.</param>
    /// <param name="count">How many parts, <see cref="Fewest"/>–<see cref="Most"/>: half of them rejects, half passes, as far as they last.</param>
    public Task<Outcome<LabelState>> DrawAsync(Who who, int count) => AloneAsync(async () =>
    {
        if (Refusal(who) is { } refused) return refused;
        if (SizeRefusal(count) is { } wrong) return wrong;
        if (Follow() is { } failure) return failure;
        if (book.Open(judge) is null && await DrawnAsync(who, count).ConfigureAwait(false) is { } none) return none;
        return await StateAsync().ConfigureAwait(false);
    });

    /// <summary>Why no sample has so many parts; null where one has.</summary>
    public static Failure? SizeRefusal(int count)
        => count is < Fewest or > Most ? new("sample-size", $"A sample has {Fewest}–{Most} parts; found {count}.") : null;

    /// <summary>Labels the part that is next.</summary>
    /// <param name="who">Who looked at it.</param>
    /// <param name="part">The part that was shown.</param>
    /// <param name="label">Good, bad or cannot tell.</param>
    /// <returns>The state after it, once the label is durable; else why it was refused and what to do.</returns>
    public Task<Outcome<LabelState>> LabelAsync(Who who, OpenSample part, PartLabel label) => AloneAsync(async () =>
    {
        if (Refusal(who) is { } refused) return refused;
        if (label is not (PartLabel.Good or PartLabel.Bad or PartLabel.CannotTell)) return new Failure("label-unknown", "A part is labelled good, bad or cannot tell.");
        if (Follow() is { } failure) return failure;
        if (book.Last(judge)?.Id == part.Draw && book.Given(judge).FirstOrDefault(g => g.Part.Number == part.Part) is { } given)
            return new Failure("label-given", $"{given.Who.Name} labelled this part meanwhile, and a label is never changed. Go on with the part that is shown next.");
        if (book.Open(judge) is not { } open || open.Draw.Id != part.Draw) return new Failure("sample-over", "This sample is labelled to its end. Draw another one.");
        if (open.Draw.Parts[open.Next].Number != part.Part) return new Failure("label-not-next", "This part is not the next one: parts are labelled in the order in which they were drawn. Look at the one that is shown.");
        // Before anything is waited for: a label that becomes durable late is no reason to let the picture go.
        if (label == PartLabel.Bad) KnownBad(part.Part);
        if (await StoredAsync(new GivenLabel(open.Draw.Id, open.Draw.Parts[open.Next], label, who), Detail(label)).ConfigureAwait(false) is { } lost) return lost;
        return await StateAsync().ConfigureAwait(false);
    });

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private static Failure NotStored { get; } = new("label-not-stored", "The label is not durable yet. Look again before you repeat it; if it stays so, check the disk.");

    private static Failure? Refusal(Who who)
        => !who.IsPerson ? new("not-a-person", "Only a signed-in person can draw or label a sample.")
            : !who.May(Permission.AnswerForParts) ? new("label-not-permitted", "Samples are drawn and labelled by a setter, quality or an administrator.") : null;

    private static string Detail(PartLabel label) => label switch
    {
        PartLabel.Good => "no defect is seen",
        PartLabel.Bad => "a defect is seen",
        _ => "it cannot be told",
    };

    private async Task<Outcome<LabelState>> AloneAsync(Func<Task<Outcome<LabelState>>> act)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_last.IsCompleted) return NotStored;
            // Reading may take long, and whoever asks may be the page's own thread.
            return await Task.Run(act).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("ledger-not-read", $"The ledger or a picture cannot be read now: {e.Message} Try again; if it stays so, check the disk.");
        }
        finally
        {
            _one.Release();
        }
    }

    private Failure? Follow() => reading.Follow(book);

    private async Task<Failure?> DrawnAsync(Who who, int count)
    {
        var seed = SampleRank.NewSeed();
        var ranked = book.Candidates(judge).Select(part => (Part: part, Rank: SampleRank.Of(seed, part.Number))).OrderBy(c => c.Rank).ToList();
        var (rejects, passes) = (Lowest(VerdictKind.Reject), Lowest(VerdictKind.Pass));
        // Where one of the two does not last, the other fills up.
        var rejected = Math.Min(rejects.Count, Math.Max(count / 2, count - passes.Count));
        var chosen = rejects.Take(rejected).Concat(passes.Take(count - rejected)).OrderBy(c => c.Rank).Select(c => c.Part).ToList();
        if (chosen.Count == 0)
            return new("no-parts-to-label", $"No part judged by {judge.Name} whose picture is kept is left to draw. Let the line run; of passing parts a picture is kept of one in pictures.passEvery (recipe).");
        var entry = new LabelDrawEntry(time, simulated, who, new(Identifiers.New(time), judge, seed, chosen), book.Counts(judge));
        return await DurableAsync(entry).ConfigureAwait(false);

        List<(DrawnPart Part, ulong Rank)> Lowest(VerdictKind verdict)
            => [.. ranked.Where(c => c.Part.Verdict == verdict && reading.Picture(c.Part.Number).Succeeded).Take(count)];
    }

    private async Task<Outcome<LabelState>> StateAsync()
    {
        if (Follow() is { } failure) return failure;
        OpenSample? open = null;
        while (open is null && book.Open(judge) is var (draw, next))
        {
            var picture = reading.Picture(draw.Parts[next].Number);
            if (picture.Succeeded) open = new(draw.Id, draw.Parts.Count, next, draw.Parts[next].Number, picture.Value);
            else if (await StoredAsync(new(draw.Id, draw.Parts[next], PartLabel.LeftOut, Who.Station), picture.Failure.Message).ConfigureAwait(false) is { } lost) return lost;
        }
        return new LabelState(
            new(judge, book.Counts(judge)), open,
            [.. book.Given(judge).Where(g => g.Label == PartLabel.LeftOut).Select(g => g.Part.Number)], [.. book.Missed(judge)]);
    }

    private Task<Failure?> StoredAsync(GivenLabel given, string detail) => DurableAsync(new LabelEntry(time, simulated, judge, given, detail));

    /// <summary>Waits until the entry is durable and the book knows of it.</summary>
    private async Task<Failure?> DurableAsync(StoredEntry entry)
    {
        _last = entry.Stored;
        append(entry);
        try
        {
            return await _last.WaitAsync(Overrides.LongestWait, time).ConfigureAwait(false) ? Follow() : NotStored;
        }
        catch (TimeoutException)
        {
            return NotStored;
        }
    }
}
