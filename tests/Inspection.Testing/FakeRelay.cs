using Inspection.Core;

namespace Inspection.Testing;

/// <summary>Outputs that remember their levels, and can be told to refuse.</summary>
public sealed class FakeRelay : IRelay
{
    private readonly bool[] _active = new bool[Enum.GetValues<PlantLine>().Length];
    private int _beats;

    /// <summary>Level of <c>relay-enable</c>.</summary>
    public bool Enabled { get; private set; }

    /// <summary>Level of <c>pass</c>.</summary>
    public bool PassActive { get; private set; }

    /// <summary>Edges of <c>heartbeat</c> so far.</summary>
    public int Beats => Volatile.Read(ref _beats);

    /// <summary>Writes of <c>relay-enable</c> so far.</summary>
    public int Writes { get; private set; }

    /// <summary>Pass pulses begun so far.</summary>
    public int Pulses { get; private set; }

    /// <summary>Lines that are wired besides the three that always are.</summary>
    public IReadOnlyCollection<PlantLine> Wired { get; init; } = [PlantLine.Gate];

    /// <summary>While true every write throws.</summary>
    public bool Refuses { get; set; }

    /// <summary>While true every write is taken and no line follows it.</summary>
    public bool Disobeys { get; set; }

    /// <summary>What the contact reads; null where none is wired.</summary>
    public bool? PulledIn { get; set; }

    /// <summary>Called at each Energize, under the interlock's lock.</summary>
    public Action? Energized { get; set; }

    public void Energize()
    {
        Check();
        Writes++;
        Enabled = true;
        Energized?.Invoke();
    }

    public void DeEnergize()
    {
        Enabled = PassActive = false;
        Array.Clear(_active);
        Check();
        Writes++;
    }

    public void Beat()
    {
        Check();
        Interlocked.Increment(ref _beats);
    }

    public void SetPass(bool active)
    {
        Check();
        if (active && !PassActive) Pulses++;
        PassActive = active;
    }

    public bool Has(PlantLine line) => Wired.Contains(line);

    public void Set(PlantLine line, bool active)
    {
        Check();
        if (Has(line)) _active[(int)line] = active;
    }

    /// <summary>Level of a line.</summary>
    public bool IsActive(PlantLine line) => _active[(int)line];

    private void Check()
    {
        if (Refuses) throw new IOException("the chip refused the write");
        if (Disobeys) throw new OutputReadbackException("a line was written low and reads high");
    }
}
