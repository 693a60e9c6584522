namespace Inspection.Core;

/// <summary>The last part, as the screen shows it.</summary>
/// <param name="Version">Grows with each part.</param>
/// <param name="Part">The loop's own number of the part.</param>
/// <param name="FrameId">Its frame.</param>
/// <param name="Verdict">What was acted on.</param>
/// <param name="Score">NaN when there is none.</param>
/// <param name="Threshold">The limit applied.</param>
/// <param name="Regions">What was found.</param>
/// <param name="Detail">For a person, or null.</param>
/// <param name="TrueLabel">The true label where it is known.</param>
/// <param name="At">Wall time of the verdict, UTC.</param>
public sealed record LivePart(
    long Version, long Part, Guid FrameId, Verdict Verdict, float Score, float Threshold, IReadOnlyList<DefectRegion> Regions,
    string? Detail, string? TrueLabel, DateTimeOffset At)
{
    /// <summary>Monotonic time of its trigger.</summary>
    public long Triggered { get; init; }
}

/// <summary>A part and its own picture.</summary>
/// <param name="Part">The part.</param>
/// <param name="Picture">JPEG; null when the part has no pixels.</param>
public sealed record LiveShot(LivePart Part, byte[]? Picture);

/// <summary>
/// The live view: lossy, the latest wins. The loop offers, any number of screens look; a picture is encoded once per
/// part and only when somebody looks.
/// </summary>
public sealed class LiveView : IDisposable
{
    private const int MaxBytes = 200_000;

    private readonly Lock _gate = new();
    private readonly Lock _encoding = new();
    private Frame? _frame;
    private float[] _map = [];
    private int _mapWidth;
    private int _mapHeight;
    private LivePart? _part;
    private LiveShot? _plain;
    private LiveShot? _heat;

    /// <summary>The last part; null before the first.</summary>
    public LivePart? Part => Volatile.Read(ref _part);

    /// <summary>Offers a part; holds its frame until the next.</summary>
    public void Offer(long part, Frame frame, Verdict verdict, Detection detection, DateTimeOffset at)
    {
        Frame? previous;
        lock (_gate)
        {
            previous = _frame;
            _frame = frame.Unreadable is null ? frame.Retain() : null;
            if (_map.Length < detection.Map.Length) _map = new float[detection.Map.Length];
            detection.Map.CopyTo(_map);
            (_mapWidth, _mapHeight) = (detection.MapWidth, detection.MapHeight);
            Volatile.Write(ref _part, new LivePart(
                (_part?.Version ?? 0) + 1, part, frame.Id, verdict, detection.Score, detection.Threshold, detection.Regions,
                frame.Unreadable ?? detection.Failure ?? detection.NotFound ?? frame.Origin, frame.TrueLabel, at)
            { Triggered = frame.Trigger.Timestamp });
        }
        previous?.Dispose();
    }

    /// <summary>The last part's picture as JPEG, with or without the heat map.</summary>
    /// <returns>Null when the last part has no pixels, or before the first part.</returns>
    public byte[]? Picture(bool heat) => Shot(heat)?.Picture;

    /// <summary>The last part together with its own picture, so that no screen shows one part's verdict beside another's picture.</summary>
    /// <param name="heat">With the heat map and regions, or the plain frame.</param>
    /// <returns>Null before the first part.</returns>
    public LiveShot? Shot(bool heat)
    {
        lock (_encoding)
        {
            Frame frame;
            LivePart part;
            Overlay? overlay = null;
            lock (_gate)
            {
                if (_part is null) return null;
                if (_frame is null) return new LiveShot(_part, null);
                var known = heat ? _heat : _plain;
                if (known?.Part.Version == _part.Version) return known;
                (frame, part) = (_frame.Retain(), _part);
                if (heat) overlay = new Overlay(_map.AsSpan(0, _mapWidth * _mapHeight).ToArray(), _mapWidth, _mapHeight, part.Threshold, part.Regions);
            }
            using (frame)
            {
                var shot = new LiveShot(part, frame.Encode(PictureFormat.Jpeg, MaxBytes, overlay));
                if (heat) _heat = shot;
                else _plain = shot;
                return shot;
            }
        }
    }

    /// <summary>Lets go of the last frame.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _frame?.Dispose();
            _frame = null;
        }
    }
}

/// <summary>One rejected or Indeterminate part whose entry is durable.</summary>
/// <param name="Sequence">Its number in the ledger.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Score">NaN when there is none.</param>
/// <param name="Threshold">The limit applied.</param>
/// <param name="Detail">For a person, or null.</param>
/// <param name="PicturePath">Path within the pictures folder, or null.</param>
/// <param name="At">Wall time, UTC.</param>
public sealed record RejectedPart(long Sequence, Verdict Verdict, float Score, float Threshold, string? Detail, string? PicturePath, DateTimeOffset At)
{
    /// <summary>The chain that the sequence stands in.</summary>
    public Guid LedgerId { get; init; }

    /// <summary>The last override since; null where nobody overruled it.</summary>
    public Override? Override { get; init; }
}

/// <summary>The last rejects, newest first. Thread-safe.</summary>
public sealed class RecentRejects
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 12;

    private readonly Lock _gate = new();
    private IReadOnlyList<RejectedPart> _latest = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<RejectedPart> Latest => Volatile.Read(ref _latest);

    /// <summary>Adds one.</summary>
    public void Add(RejectedPart part)
    {
        lock (_gate) Volatile.Write(ref _latest, [part, .. _latest.Take(Capacity - 1)]);
    }

    /// <summary>Notes that one was overruled; one that is no longer among them changes nothing.</summary>
    public void Overrule(InspectionNumber number, Override change)
    {
        lock (_gate) Volatile.Write(ref _latest, [.. _latest.Select(p => new InspectionNumber(p.LedgerId, p.Sequence) == number ? p with { Override = change } : p)]);
    }
}

/// <summary>One receiver of verdicts.</summary>
/// <param name="Name">The client's id; empty for the shared reader.</param>
/// <param name="Connected">Whether it listens now.</param>
/// <param name="Backlog">Messages that wait for it.</param>
/// <param name="LastAcknowledged">Wall time of its last acknowledgement, UTC; null before the first.</param>
public sealed record Receiver(string Name, bool Connected, long Backlog, DateTimeOffset? LastAcknowledged);

/// <summary>How the broker is; its code on the page is kebab-case.</summary>
public enum BrokerState
{
    /// <summary>Nothing is known of it yet.</summary>
    Starting,

    /// <summary>The station's own runs.</summary>
    Embedded,

    /// <summary>The plant's is connected.</summary>
    Connected,

    /// <summary>The plant's is not connected.</summary>
    Unreachable,
}

/// <summary>Who is listening, and what waits for whom. Written by MQTT, read by the screen and by <c>run --once</c>.</summary>
public sealed class DeliveryBoard
{
    private IReadOnlyList<Receiver> _receivers = [];
    private volatile BrokerState _state;
    private string _broker = "";

    /// <summary>All receivers; the shared reader stands among them, with an empty name, only while it counts.</summary>
    public IReadOnlyList<Receiver> Receivers => Volatile.Read(ref _receivers);

    /// <summary>How the broker is.</summary>
    public BrokerState State => _state;

    /// <summary>The broker and how it is, for a technician.</summary>
    public string Broker => Volatile.Read(ref _broker);

    /// <summary>Puts up what is true now.</summary>
    public void Show(BrokerState state, string broker, IReadOnlyList<Receiver> receivers)
    {
        _state = state;
        Volatile.Write(ref _broker, broker);
        Volatile.Write(ref _receivers, receivers);
    }
}

/// <summary>One line of the chip as the screen shows it.</summary>
/// <param name="Name">Its name in the pin map.</param>
/// <param name="IsInput">True for inputs.</param>
/// <param name="Active">Whether the signal is active (polarity resolved): contact closed, lamp lit, line energised.</param>
public sealed record LineState(string Name, bool IsInput, bool Active);

/// <summary>What a person can do to the simulation from the screen; absent with a real chip and a real source.</summary>
/// <param name="Lines">The simulated chip's lines; null when the chip is real.</param>
/// <param name="SetInput">Sets a simulated input active or not.</param>
/// <param name="Faults">Faults that the simulated line can be told to make, such as <c>stall</c>; empty for other sources.</param>
/// <param name="Command">Makes a fault, or ends it.</param>
public sealed record SimulationPanel(
    Func<IReadOnlyList<LineState>>? Lines, Action<string, bool> SetInput, IReadOnlyList<string> Faults, Action<string, bool> Command);
