using Inspection.Core;

namespace Inspection.Station.Bench;

/// <summary>
/// Takes the loop's times and its managed bytes, on the loop's own thread, into arrays made beforehand. It stands
/// around the detector, the relay and the ledger; the loop itself is the station's, unchanged.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">Parts that can be measured.</param>
internal sealed class LoopProbe(TimeProvider time, int capacity)
{
    private readonly long[] _taken = new long[capacity];
    private readonly long[] _judged = new long[capacity];
    private readonly long[] _acted = new long[capacity];
    private readonly long[] _bytes = new long[capacity];
    private readonly TimeProvider _clock = time;
    private int _count;
    private long _bytesBefore;
    private bool _inHand;

    /// <summary>Parts measured so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Frame taken to relay line written, milliseconds, of a range of parts.</summary>
    public IEnumerable<double> FrameToRelay(int from, int to) => Enumerable.Range(from, to - from).Select(i => Milliseconds(_taken[i], _acted[i]));

    /// <summary>Detector's return (so judging counts) to relay line written, milliseconds.</summary>
    public IEnumerable<double> VerdictToRelay(int from, int to) => Enumerable.Range(from, to - from).Select(i => Milliseconds(_judged[i], _acted[i]));

    /// <summary>Managed bytes that the loop allocated from the part before being handed to the ledger to this one's relay line written: more than from frame to relay.</summary>
    public IEnumerable<long> Bytes(int from, int to) => Enumerable.Range(from, to - from).Select(i => _bytes[i]);

    /// <summary>Seconds from the first relay line written to the last of a range of parts.</summary>
    public double Span(int from, int to) => Milliseconds(_acted[from], _acted[to - 1]) / 1000;

    /// <summary>Stands around the detector.</summary>
    public IDefectDetector Around(IDefectDetector detector) => new Detector(this, detector);

    /// <summary>Stands around the outputs.</summary>
    public IRelay Around(IRelay relay) => new Relay(this, relay);

    /// <summary>Stands around the ledger, to which the loop hands each part last: what it allocates from there on counts for the next part.</summary>
    public ILedger Around(ILedger ledger) => new Ledger(this, ledger);

    private double Milliseconds(long from, long to) => _clock.GetElapsedTime(from, to).TotalMilliseconds;

    private void Acted()
    {
        if (!_inHand || _count == _acted.Length) return;
        _acted[_count] = _clock.GetTimestamp();
        _bytes[_count] = GC.GetAllocatedBytesForCurrentThread() - _bytesBefore;
        _inHand = false;
        Volatile.Write(ref _count, _count + 1);
    }

    private sealed class Detector(LoopProbe probe, IDefectDetector inner) : IDefectDetector
    {
        public ModelIdentity Model => inner.Model;

        public TimeSpan WarmedP99 => inner.WarmedP99;

        public void Detect(Frame view, Recipe recipe, Detection detection)
        {
            inner.Detect(view, recipe, detection);
            if (probe._count == probe._taken.Length) return;
            // A replay presents its part, and so stamps its trigger, at the moment when the loop takes it.
            probe._taken[probe._count] = view.Trigger.Timestamp;
            probe._judged[probe._count] = probe._clock.GetTimestamp();
            probe._inHand = true;
        }

        public void Dispose() => inner.Dispose();
    }

    private sealed class Relay(LoopProbe probe, IRelay inner) : IRelay
    {
        public void Energize()
        {
            inner.Energize();
            probe.Acted();
        }

        public void DeEnergize() => inner.DeEnergize();

        public void Beat() => inner.Beat();

        public void SetPass(bool active) => inner.SetPass(active);
    }

    private sealed class Ledger(LoopProbe probe, ILedger inner) : ILedger
    {
        public LedgerHealth Health => inner.Health;

        public LedgerPosition Last => inner.Last;

        public CursorTable Cursors => inner.Cursors;

        public bool TryAppend(EntryDraft draft)
        {
            var taken = inner.TryAppend(draft);
            probe._bytesBefore = GC.GetAllocatedBytesForCurrentThread();
            return taken;
        }

        public IReadOnlyList<StoredMessage> ReadAfter(LedgerPosition? cursor, int max) => inner.ReadAfter(cursor, max);

        public long CountAfter(LedgerPosition? cursor) => inner.CountAfter(cursor);

        public Task WaitAfterAsync(LedgerPosition last, CancellationToken stop) => inner.WaitAfterAsync(last, stop);
    }
}
