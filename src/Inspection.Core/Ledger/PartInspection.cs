using System.Text.Json;

namespace Inspection.Core;

/// <summary>What an inspection was made for.</summary>
public enum Purpose
{
    /// <summary>A part of the running production.</summary>
    Production,

    /// <summary>A known part that proves that the line sees.</summary>
    TestPart,

    /// <summary>A part judged again.</summary>
    Reinspection,

    /// <summary>Neither counted nor acted on.</summary>
    Trial,
}

/// <summary>One part judged once: an <c>inspection</c> entry, and the <c>verdict</c> message. Pooled.</summary>
public sealed class PartInspection : EntryDraft
{
    private readonly Action<PartInspection> _release;
    private readonly Action<PartInspection, EntryNumbers> _durable;
    private readonly PictureRequest _picture = new();

    internal PartInspection(Action<PartInspection, EntryNumbers> durable, Action<PartInspection> release)
        => (_durable, _release) = (durable, release);

    /// <inheritdoc />
    public override EntryKind Kind => EntryKind.Inspection;

    /// <summary>The loop's own number of the part, from 1 at each start of the process.</summary>
    public long Part { get; private set; }

    /// <summary>The part's trigger.</summary>
    public Trigger Trigger { get; private set; }

    /// <summary>The verdict that the station acted on.</summary>
    public Verdict Verdict { get; private set; }

    /// <summary>The highest score of its views; NaN when there is none.</summary>
    public float Score { get; private set; }

    /// <summary>The limit applied.</summary>
    public float Threshold { get; private set; }

    /// <summary>The part's own number, or null.</summary>
    public string? PartId { get; private set; }

    /// <summary>The true label, where it is known.</summary>
    public string? TrueLabel { get; private set; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<DefectRegion> Regions { get; private set; } = [];

    /// <summary>For a person: the file's name, or what failed.</summary>
    public string? Detail { get; private set; }

    /// <summary>The frame's identifier.</summary>
    public Guid FrameId { get; private set; }

    /// <summary>The test part that it is; null in production.</summary>
    public TestRun? Test { get; private set; }

    private string _camera = "";
    private DateTimeOffset _capturedAt;
    private DateTimeOffset _judgedAt;
    private DateTimeOffset _actedAt;
    private InterlockState _interlock;
    private BypassedInspections? _bypassed;
    private bool _simulated;
    private PipelineContext _context = null!;

    internal void Fill(
        long part, Frame frame, Verdict verdict, Detection detection, PipelineContext context, InterlockSnapshot interlock,
        DateTimeOffset judgedAt, DateTimeOffset actedAt, long actedTimestamp, TestRun? test = null)
    {
        Part = part;
        Trigger = frame.Trigger;
        PartId = frame.PartId;
        TrueLabel = frame.TrueLabel;
        FrameId = frame.Id;
        Verdict = verdict;
        Score = detection.Score;
        Threshold = detection.Threshold;
        Regions = detection.Regions;
        Detail = frame.Unreadable ?? detection.Failure ?? detection.NotFound ?? frame.Origin;
        _camera = frame.Camera;
        _capturedAt = frame.CapturedAt;
        _simulated = frame.Simulated || context.ChipSimulated;
        _context = context;
        Test = test;
        (_interlock, _bypassed) = (interlock.State, interlock.Bypass?.Inspections);
        (_judgedAt, _actedAt) = (judgedAt, actedAt);
        (At, Timestamp) = (judgedAt, actedTimestamp);
        Who = verdict.Reason is VerdictReason.AboveThreshold or VerdictReason.WithinThreshold
            ? context.JudgedByModel
            : context.JudgedByRule;
        Picture = null;
    }

    /// <summary>Asks for this part's picture; the frame is held until the store has it.</summary>
    internal void Keep(Frame frame, PictureRules rules, TimeSpan wait, Action done)
    {
        _picture.Begin(frame, rules, wait, done);
        Picture = _picture;
    }

    /// <summary>Notes why there is no picture although one was due.</summary>
    internal void KeepNone(string missing)
    {
        _picture.Refuse(missing);
        Picture = _picture;
    }

    /// <inheritdoc />
    public override void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers)
    {
        _bypassed?.Note(numbers);
        json.WriteStartObject();
        json.WriteNumber("schema", MessageSchema.Current);
        json.WriteString("ledgerId", numbers.LedgerId);
        json.WriteNumber("sequence", numbers.Sequence);
        json.WriteNumber("position", numbers.Position);
        json.WriteString("purpose", MessageSchema.Camel(Test is null ? Purpose.Production : Purpose.TestPart));
        json.WriteBoolean("simulated", _simulated);
        json.WriteStartObject("trigger");
        json.WriteString("id", Trigger.Id);
        json.WriteString("source", Trigger.Source);
        json.WriteString("at", MessageSchema.Time(Trigger.At));
        json.WriteEndObject();
        json.WriteString("partId", PartId);
        json.WriteString("lot", _context.Lot);
        json.WriteString("verdict", Verdict.Kind.ToString());
        json.WriteString("reason", Codes.Of(Verdict.Reason));
        MessageSchema.WriteFinite(json, "score", Score);
        MessageSchema.WriteFinite(json, "threshold", Threshold);
        json.WriteStartArray("views");
        WriteView(json);
        json.WriteEndArray();
        json.WriteStartObject("model");
        json.WriteString("name", _context.Model.Name);
        json.WriteNumber("version", _context.Model.Version);
        json.WriteString("sha256", _context.Model.Sha256);
        json.WriteEndObject();
        json.WriteStartObject("recipe");
        json.WriteString("name", _context.Recipe.Name);
        json.WriteNumber("revision", _context.Recipe.Revision);
        json.WriteEndObject();
        json.WriteString("judgedAt", MessageSchema.Time(_judgedAt));
        json.WriteString("actedAt", MessageSchema.Time(_actedAt));
        json.WriteBoolean("clockTrusted", numbers.ClockTrusted);
        json.WriteString("interlock", _interlock.ToString());
        MessageSchema.WriteWho(json, "decidedBy", Who.Kind == "rule" ? Who.Rule(Codes.Of(Verdict.Reason)) : Who);
        if (Detail is not null) json.WriteString("detail", Detail);
        if (TrueLabel is not null) json.WriteString("trueLabel", TrueLabel);
        if (Test is { } test)
        {
            json.WriteStartObject("testPart");
            json.WriteString("name", test.Part.Name);
            json.WriteString("kind", Codes.Of(test.Part.Kind));
            json.WriteBoolean("right", test.IsRight(Verdict.Kind));
            MessageSchema.WriteWho(json, "by", test.By);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void WriteView(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("camera", _camera);
        json.WriteString("frameId", FrameId);
        json.WriteString("capturedAt", MessageSchema.Time(_capturedAt));
        MessageSchema.WriteFinite(json, "score", Score);
        json.WriteStartArray("regions");
        foreach (var region in Regions) MessageSchema.WriteRegion(json, region);
        json.WriteEndArray();
        if (Picture is { Path: { } path } picture)
        {
            json.WriteStartObject("image");
            json.WriteString("path", path);
            json.WriteString("sha256", picture.Sha256);
            json.WriteNumber("bytes", picture.Bytes);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("image");
            json.WriteString("imageReason", Picture?.Missing ?? "not-sampled");
        }
        json.WriteEndObject();
    }

    /// <inheritdoc />
    public override void OnDurable(in EntryNumbers numbers) => _durable(this, numbers);

    /// <inheritdoc />
    public override void Release()
    {
        _picture.ReleaseFrame();
        Regions = [];
        _release(this);
    }
}
