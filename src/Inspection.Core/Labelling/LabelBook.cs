namespace Inspection.Core;

/// <summary>
/// What the ledger says of samples and labels, entry by entry, oldest first. The same entry may be told twice (a failed
/// write is written anew): a draw and a part of it count once. Not thread-safe.
/// </summary>
public sealed class LabelBook
{
    private readonly Dictionary<JudgingModel, Page> _pages = [];
    private readonly HashSet<InspectionNumber> _drawn = [];
    private readonly HashSet<InspectionNumber> _takenOut = [];

    /// <summary>Whose verdict was the last one; null before the first.</summary>
    public JudgingModel? Newest { get; private set; }

    /// <summary>All whose verdicts were counted, in the order in which they began.</summary>
    public IEnumerable<JudgingModel> Judges => _pages.Keys;

    /// <summary>What was counted of one.</summary>
    public LabelCounts Counts(JudgingModel judge) => _pages.TryGetValue(judge, out var page) ? page.Counts : LabelCounts.None;

    /// <summary>The draw of one that is not labelled to its end, with the part that is next; null where there is none.</summary>
    public (LabelDraw Draw, int Next)? Open(JudgingModel judge)
        => Last(judge) is { } draw && _pages[judge].Given.Count is var next && next < draw.Parts.Count ? (draw, next) : null;

    /// <summary>The newest draw of one; null before the first.</summary>
    public LabelDraw? Last(JudgingModel judge) => _pages.GetValueOrDefault(judge)?.Draw;

    /// <summary>What was said in the newest draw of one, in its order.</summary>
    public IReadOnlyList<GivenLabel> Given(JudgingModel judge) => _pages.GetValueOrDefault(judge)?.Given ?? [];

    /// <summary>Parts of one that passed, were labelled bad, and that nobody overruled to Reject.</summary>
    public IEnumerable<InspectionNumber> Missed(JudgingModel judge) => (_pages.GetValueOrDefault(judge)?.Bad ?? []).Where(part => !_takenOut.Contains(part));

    /// <summary>Parts of one that can be drawn: with a kept picture, and never drawn.</summary>
    public IEnumerable<DrawnPart> Candidates(JudgingModel judge)
        => (_pages.GetValueOrDefault(judge)?.Pictured ?? []).Where(part => !_drawn.Contains(part.Number));

    /// <summary>A production part was judged Pass or Reject.</summary>
    /// <param name="judge">By whom.</param>
    /// <param name="part">The part.</param>
    /// <param name="pictured">Whether its picture is kept.</param>
    public void Inspected(JudgingModel judge, DrawnPart part, bool pictured)
    {
        Newest = judge;
        var page = PageOf(judge);
        page.Counts = part.Verdict == VerdictKind.Reject
            ? page.Counts with { Rejected = page.Counts.Rejected + 1 }
            : page.Counts with { Passed = page.Counts.Passed + 1 };
        if (pictured) page.Pictured.Add(part);
    }

    /// <summary>A sample was drawn.</summary>
    /// <param name="draw">The draw.</param>
    /// <param name="before">What had been counted by then.</param>
    public void Drawn(LabelDraw draw, LabelCounts before)
    {
        var page = PageOf(draw.Judge);
        if (page.Draw?.Id == draw.Id) return;
        page.Counts = page.Counts.AtLeast(before);
        page.Draw = draw;
        page.Given.Clear();
        _drawn.UnionWith(draw.Parts.Select(p => p.Number));
    }

    /// <summary>A part of a sample was labelled, or left out.</summary>
    public void Labelled(JudgingModel judge, GivenLabel given)
    {
        var page = PageOf(judge);
        // Labels whose draw is forgotten are counted in the next draw's entry; a part counts once.
        if (page.Draw?.Id != given.Draw || page.Given.Any(g => g.Part.Number == given.Part.Number)) return;
        page.Given.Add(given);
        page.Counts = page.Counts.With(given.Part.Verdict, given.Label, given.Who);
        if (given is { Label: PartLabel.Bad, Part.Verdict: VerdictKind.Pass }) page.Bad.Add(given.Part.Number);
    }

    /// <summary>A person overruled a verdict.</summary>
    public void Overruled(InspectionNumber part, VerdictKind to)
    {
        if (to == VerdictKind.Reject) _takenOut.Add(part);
        else _takenOut.Remove(part);
    }

    /// <summary>Forgets all, to be told anew.</summary>
    public void Clear()
    {
        _pages.Clear();
        _drawn.Clear();
        _takenOut.Clear();
        Newest = null;
    }

    private Page PageOf(JudgingModel judge)
    {
        if (!_pages.TryGetValue(judge, out var page)) _pages[judge] = page = new();
        return page;
    }

    private sealed class Page
    {
        public LabelCounts Counts { get; set; } = LabelCounts.None;

        public LabelDraw? Draw { get; set; }

        public List<GivenLabel> Given { get; } = [];

        /// <summary>Parts that passed and were labelled bad.</summary>
        public List<InspectionNumber> Bad { get; } = [];

        public List<DrawnPart> Pictured { get; } = [];
    }
}
