using Inspection.Core;

namespace Inspection.Station.Bench;

/// <summary>
/// Takes the loop's times and its managed bytes, on the loop's own thread, into arrays made beforehand. It stands
/// around the detector and the relay; the loop itself is the station's, unchanged.
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
    private long _bytesAtTake;
    private bool _inHand;

    /// <summary>Parts measured so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Frame taken to relay line written, milliseconds, of a range of parts.</summary>
    public IEnumerable<double> FrameToRelay(int from, int to) => Enumerable.Range(from, to - from).Select(i => Milliseconds(_taken[i], _acted[i]));

    /// <summary>Detector's return (so judging counts) to relay line written, milliseconds.</summary>
    public IEnumerable<double> VerdictToRelay(int from, int to) => Enumerable.Range(from, to - from).Select(i => Milliseconds(_judged[i], _acted[i]));

    /// <summary>Managed bytes allocated from frame taken to relay line written.</summary>
    public IEnumerable<long> Bytes(int from, int to) => Enumerable.Range(from, to - from).Select(i => _bytes[i]);

    /// <summary>Seconds from the first relay line written to the last of a range of parts.</summary>
    public double Span(int from, int to) => Milliseconds(_acted[from], _acted[to - 1]) / 1000;

    /// <summary>Stands around the detector.</summary>
    public IDefectDetector Around(IDefectDetector detector) => new Detector(this, detector);

    /// <summary>Stands around the outputs.</summary>
    public IRelay Around(IRelay relay) => new Relay(this, relay);

    /// <summary>A part was taken by the loop, on whose thread this is called.</summary>
    public void Taken() => _bytesAtTake = GC.GetAllocatedBytesForCurrentThread();

    private double Milliseconds(long from, long to) => _clock.GetElapsedTime(from, to).TotalMilliseconds;

    private void Acted()
    {
        if (!_inHand || _count == _acted.Length) return;
        _acted[_count] = _clock.GetTimestamp();
        _bytes[_count] = GC.GetAllocatedBytesForCurrentThread() - _bytesAtTake;
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

        public bool Has(PlantLine line) => inner.Has(line);

        public void Set(PlantLine line, bool active) => inner.Set(line, active);

        public bool? PulledIn => inner.PulledIn;
    }
}
