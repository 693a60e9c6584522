using Inspection.Core;

namespace Inspection.Faults;

/// <summary>What the detector does instead of detecting.</summary>
internal enum DetectorFault
{
    None,
    Throws,
    NeverReturns,
    ScoresNaN,
}

/// <summary>The station's own detector with a defect that can be switched on.</summary>
internal sealed class FaultyDetector(IDefectDetector real) : IDefectDetector
{
    private volatile DetectorFault _fault;
    private long _since;

    /// <summary>The defect.</summary>
    public DetectorFault Fault
    {
        get => _fault;
        set
        {
            Interlocked.Exchange(ref _since, 0);
            _fault = value;
        }
    }

    /// <summary>When the first part met the defect, monotonic nanoseconds; 0 before.</summary>
    public long Since => Interlocked.Read(ref _since);

    /// <inheritdoc />
    public ModelIdentity Model => real.Model;

    /// <inheritdoc />
    public TimeSpan WarmedP99 => real.WarmedP99;

    /// <inheritdoc />
    public void Detect(Frame view, Recipe recipe, Detection detection)
    {
        var fault = _fault;
        if (fault != DetectorFault.None) Interlocked.CompareExchange(ref _since, Nanoseconds.Now, 0);
        if (fault == DetectorFault.Throws) throw new InvalidOperationException("injected: the detector has a defect");
        while (fault == DetectorFault.NeverReturns && _fault == fault)
        {
            // An infinite loop that a person can heal by restarting, and this program by switching it off.
        }
        real.Detect(view, recipe, detection);
        if (fault == DetectorFault.ScoresNaN) detection.Score = float.NaN;
    }

    /// <inheritdoc />
    public void Dispose() => real.Dispose();
}
