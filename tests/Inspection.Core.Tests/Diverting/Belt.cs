using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Diverting;

/// <summary>A part as it truly is, whatever the station believes.</summary>
internal sealed class BeltPart(Trigger trigger, long at, VerdictKind verdict, int drift)
{
    public Trigger Trigger => trigger;

    /// <summary>Where the belt truly was when it was at the camera; a hand that moves the part changes it.</summary>
    public long At { get; set; } = at;

    public VerdictKind Verdict => verdict;

    public bool Durable { get; set; }

    /// <summary>Whether <see cref="Interlock.PermitPass"/> took it.</summary>
    public bool Permitted { get; set; }

    public bool WentThrough { get; set; }

    /// <summary>The bypass in force when it went through; null when none was.</summary>
    public Bypass? Under { get; set; }

    public bool InBin { get; set; }

    public bool Removed { get; set; }

    /// <summary>What the encoder had missed or made too much before it came.</summary>
    public int Drift => drift;

    /// <summary>Greatest distance between where it was and where the encoder says, so far.</summary>
    public int Off { get; set; }

    public List<PartDisposition> Told { get; } = [];
}

/// <summary>A belt with camera, gate, bin and eyes, on a clock that a test moves, and a real interlock that follows it.</summary>
internal sealed class Belt
{
    public const int Distance = 60, Tolerance = 4, BinDistance = 20, BinTolerance = 8;

    public static readonly Recipe Recipe = Some.Recipe with
    {
        Output = new PartOutput { Mode = OutputMode.Gate },
        Gate = new GateRules { Distance = Distance, Tolerance = Tolerance, BinDistance = BinDistance, BinTolerance = BinTolerance },
        Rules = new TripRules { RejectsInARow = 1000, Indeterminates = 1000, IndeterminateWindow = 1000 },
    };

    private readonly List<long> _ticks = [];
    private readonly List<long> _atGate = [];
    private readonly List<long> _inBin = [];
    private int _lost;

    public Belt(Recipe? recipe = null, bool eyeAtGate = true)
    {
        Interlock = new(Time, Relay, new InterlockOptions { LoopDeadline = TimeSpan.FromSeconds(1) }, Transitions.Add)
        {
            EyeAtGate = eyeAtGate,
            Disposed = Told,
        };
        EyeAtGate = eyeAtGate;
        Interlock.Use(recipe ?? Recipe).ShouldBeTrue();
        Interlock.SetObstacle(null);
        Move();
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public FakeRelay Relay { get; } = new();

    public Interlock Interlock { get; }

    public bool EyeAtGate { get; }

    public List<InterlockTransition> Transitions { get; } = [];

    public List<BeltPart> Parts { get; } = [];

    /// <summary>Where the belt truly is.</summary>
    public long At { get; private set; } = 1000;

    /// <summary>What the encoder missed (below 0) or made too much so far.</summary>
    public int Drift { get; private set; }

    /// <summary>Milliseconds from tick to tick.</summary>
    public int Pace { get; set; } = 5;

    /// <summary>Ticks that are read together; more than 1 is a busy PC.</summary>
    public int Batch { get; set; } = 1;

    /// <summary>While true the encoder is broken.</summary>
    public bool Broken { get; set; }

    public bool GateOpen => Relay.IsActive(PlantLine.Gate);

    public TripCause? Tripped => Interlock.Snapshot.FirstOut?.Cause;

    public List<PartDisposition> Unasked { get; } = [];

    /// <summary>Says that the belt is empty, and starts.</summary>
    public void StartEmpty()
    {
        if (Interlock.Snapshot.ZoneUnknown) Interlock.ConfirmZoneEmpty(Some.Person).ShouldBeNull();
        Interlock.Start(Some.Person).ShouldBeNull();
    }

    /// <summary>A part comes to the camera.</summary>
    public BeltPart Part(VerdictKind verdict)
    {
        Time.Advance(TimeSpan.FromTicks(1));
        var part = new BeltPart(new(Identifiers.New(Time), "line", Time.GetUtcNow(), Time.GetTimestamp()), At, verdict, Drift);
        Parts.Add(part);
        Interlock.Triggered(part.Trigger);
        return part;
    }

    /// <summary>Its entry is durable.</summary>
    public void Durable(BeltPart part)
    {
        if (part.Durable) return;
        part.Durable = true;
        Interlock.Recorded(part.Trigger.Timestamp, new InspectionNumber(Guid.Empty, Parts.IndexOf(part) + 1));
        part.Permitted = Interlock.PermitPass(part.Trigger.Timestamp, part.Verdict == VerdictKind.Pass);
    }

    /// <summary>A part whose verdict is durable at once.</summary>
    public BeltPart Judged(VerdictKind verdict)
    {
        var part = Part(verdict);
        Durable(part);
        return part;
    }

    /// <summary>Moves the belt by so many ticks.</summary>
    public void Move(int ticks = 1)
    {
        for (var i = 0; i < ticks; i++) MoveOne(Broken ? 0 : 1);
    }

    /// <summary>Moves it by one, and the encoder gives so many ticks for it.</summary>
    public void MoveOne(int counted)
    {
        Time.Advance(TimeSpan.FromMilliseconds(Pace));
        At++;
        Drift += counted - 1;
        for (var i = 0; i < counted; i++) _ticks.Add(Time.GetTimestamp());
        foreach (var part in Parts) Carry(part);
        Read(At % Batch == 0);
    }

    /// <summary>The chip could not keep so many edges.</summary>
    public void Lose(int edges)
    {
        _lost = edges;
        Read(true);
    }

    /// <summary>Nothing moves for so long.</summary>
    public void Wait(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 10)
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            Read(true);
        }
    }

    /// <summary>Something comes past an eye that is no part of the list.</summary>
    public void See(bool atGate)
    {
        Time.Advance(TimeSpan.FromTicks(1));
        (atGate ? _atGate : _inBin).Add(Time.GetTimestamp());
        Read(true);
    }

    /// <summary>A part comes past the camera, which does not see it.</summary>
    public BeltPart Unseen()
    {
        Time.Advance(TimeSpan.FromTicks(1));
        var part = new BeltPart(new(Identifiers.New(Time), "line", Time.GetUtcNow(), Time.GetTimestamp()), At, VerdictKind.Indeterminate, Drift);
        Parts.Add(part);
        return part;
    }

    private void Carry(BeltPart part)
    {
        if (part.Removed || part.WentThrough) return;
        part.Off = Math.Max(part.Off, Math.Abs(Drift - part.Drift));
        if (At == part.At + Distance)
        {
            if (EyeAtGate) _atGate.Add(Time.GetTimestamp());
            part.WentThrough = GateOpen;
            if (GateOpen) part.Under = Interlock.Snapshot.Bypass;
        }
        if (At != part.At + Distance + BinDistance || part.WentThrough) return;
        part.InBin = true;
        _inBin.Add(Time.GetTimestamp());
    }

    private void Read(bool whole)
    {
        if (whole)
        {
            Interlock.SeeBelt(Time.GetTimestamp(), [.. _ticks], _lost, [.. _atGate], [.. _inBin]);
            _ticks.Clear();
            _atGate.Clear();
            _inBin.Clear();
            _lost = 0;
        }
        Interlock.Turn();
        Interlock.TryBeat();
    }

    private void Told(PartDisposition told)
    {
        var part = Parts.Find(p => p.Trigger.Id == told.Trigger.Id);
        (part?.Told ?? Unasked).Add(told);
    }
}
