namespace Inspection.Core;

/// <summary>Totals of this run of the process. Written by the loop, read by anybody.</summary>
/// <param name="time">The clock of the rate.</param>
public sealed class Counters(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long[] _byKind = new long[3];
    private readonly long[] _confusion = new long[6];
    private readonly int[] _seconds = new int[60];
    private long _second;
    private long _notRecorded;
    private long _waiting;
    private long _overridden;
    private long _testParts;

    /// <summary>Counts one part.</summary>
    /// <param name="verdict">What was acted on.</param>
    /// <param name="trueLabel">The true label where it is known: <c>good</c> or a class of defect.</param>
    public void Count(Verdict verdict, string? trueLabel)
    {
        lock (_gate)
        {
            _byKind[(int)verdict.Kind]++;
            if (trueLabel is not null) _confusion[(trueLabel == "good" ? 0 : 3) + (int)verdict.Kind]++;
            Advance();
            _seconds[_second % 60]++;
        }
    }

    /// <summary>Counts parts that have no entry.</summary>
    public void CountNotRecorded(long parts)
    {
        lock (_gate) _notRecorded += parts;
    }

    /// <summary>Says how many entries wait now because nothing can be stored.</summary>
    public void ShowWaiting(long entries)
    {
        lock (_gate) _waiting = entries;
    }

    /// <summary>Counts a test part, which is in no other total.</summary>
    public void CountTestPart()
    {
        lock (_gate) _testParts++;
    }

    /// <summary>Counts a verdict that a person changed; the totals stay what the station said.</summary>
    public void CountOverridden()
    {
        lock (_gate) _overridden++;
    }

    /// <summary>The totals at this moment.</summary>
    public CounterSnapshot Snapshot()
    {
        lock (_gate)
        {
            Advance();
            var perMinute = _seconds.Sum();
            return new(
                _byKind.Sum(), _byKind[(int)VerdictKind.Pass], _byKind[(int)VerdictKind.Reject], _byKind[(int)VerdictKind.Indeterminate],
                perMinute, _notRecorded,
                _confusion.Any(n => n > 0) ? new Confusion(Of(0, VerdictKind.Pass), Of(0, VerdictKind.Reject), Of(0, VerdictKind.Indeterminate), Of(3, VerdictKind.Pass), Of(3, VerdictKind.Reject), Of(3, VerdictKind.Indeterminate)) : null)
            { Overridden = _overridden, TestParts = _testParts, Waiting = _waiting };
        }
    }

    private long Of(int row, VerdictKind kind) => _confusion[row + (int)kind];

    private void Advance()
    {
        var now = time.GetTimestamp() / time.TimestampFrequency;
        for (var s = Math.Max(_second + 1, now - 59); s <= now; s++) _seconds[s % 60] = 0;
        _second = now;
    }
}

/// <summary>Totals: inspected = passed + rejected + indeterminate.</summary>
/// <param name="Inspected">Parts inspected.</param>
/// <param name="Passed">Pass.</param>
/// <param name="Rejected">Reject.</param>
/// <param name="Indeterminate">Indeterminate.</param>
/// <param name="PerMinute">Parts in the last 60 s.</param>
/// <param name="NotRecorded">Parts that have no entry, because the ledger or the loop had no room; a gap entry tells of them.</param>
/// <param name="Confusion">Verdicts against true labels; null where no label is known.</param>
public sealed record CounterSnapshot(
    long Inspected, long Passed, long Rejected, long Indeterminate, int PerMinute, long NotRecorded, Confusion? Confusion)
{
    /// <summary>Verdicts that people changed in this run, of parts of any run; counted apart, so the other totals are what the station said.</summary>
    public long Overridden { get; init; }

    /// <summary>Test parts inspected; in no other total.</summary>
    public long TestParts { get; init; }

    /// <summary>Entries that wait now because nothing can be stored; lost if the program ends before it can. 0 while the ledger is well.</summary>
    public long Waiting { get; init; }
}

/// <summary>Verdicts against true labels.</summary>
public sealed record Confusion(long GoodPass, long GoodReject, long GoodIndeterminate, long DefectPass, long DefectReject, long DefectIndeterminate);
