using Microsoft.Extensions.Logging;

namespace Inspection.Core;

/// <summary>One frame's straight way: taken, detected, judged, applied, recorded, shown. One thread.</summary>
public sealed class InspectionLoop(
    Capture capture, IDefectDetector detector, Interlock interlock, ILedger ledger, PartInspections inspections,
    LiveView live, Counters counters, PipelineContext context, TimeProvider time, ILogger log)
{
    private readonly Detection _detection = new();
    private long _part;
    private long _unrecorded;

    /// <summary>Turns until told to stop. Nothing that a part does ends the loop.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) Turn();
    }

    /// <summary>One turn: a part, or a look at the world when there is none.</summary>
    public void Turn()
    {
        var arrival = capture.Take();
        interlock.Turn();
        var health = ledger.Health;
        interlock.SetCondition(TripCause.LedgerUnavailable, health.Unavailable, health.Failed ?? "verdicts do not become durable in time");
        interlock.SetCondition(TripCause.CameraLost, arrival.Kind == ArrivalKind.Lost, arrival.Reason ?? "");
        while (capture.TryTakeMissed(out var missed)) Inspect(new MissedFrame(missed), VerdictReason.Overrun);
        if (arrival.Frame is { } frame) Inspect(frame, null);
    }

    private void Inspect(Frame frame, VerdictReason? failed)
    {
        using (frame)
        {
            interlock.BeginPart(++_part);
            _detection.Clear();
            var verdict = failed is { } reason ? Verdict.Indeterminate(reason) : Look(frame);
            var judgedAt = time.GetUtcNow();
            verdict = interlock.Apply(verdict, frame.Trigger, out var acted);
            Record(frame, verdict, judgedAt, acted);
            counters.Count(verdict, frame.TrueLabel);
            live.Offer(_part, frame, verdict, _detection, judgedAt);
        }
    }

    private Verdict Look(Frame frame)
    {
        try
        {
            if (frame.Unreadable is null) detector.Detect(frame, context.Recipe, _detection);
            return Judge.Decide(frame, _detection, context.Recipe);
        }
#pragma warning disable CA1031 // whatever a detector throws, the part is Indeterminate and the line goes on
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogError(e, "The detector failed on frame {Frame}", frame.Id);
            _detection.Clear();
            _detection.Failure = e.Message;
            return Verdict.Indeterminate(VerdictReason.DetectorFailed);
        }
    }

    private void Record(Frame frame, Verdict verdict, DateTimeOffset judgedAt, long acted)
    {
        var inspection = inspections.TryRent();
        if (inspection is not null)
        {
            inspection.Fill(_part, frame, verdict, _detection, context, interlock.State, judgedAt, time.GetUtcNow(), acted);
            var pictures = context.Recipe.Pictures;
            if (verdict.Kind != VerdictKind.Pass || (pictures.PassEvery > 0 && _part % pictures.PassEvery == 0))
                inspections.KeepPicture(inspection, frame, pictures);
            if (ledger.TryAppend(inspection))
            {
                if (_unrecorded > 0) RecordGap();
                return;
            }
            inspection.Release();
        }
        _unrecorded++;
        counters.CountNotRecorded();
    }

    private void RecordGap()
    {
        var simulated = context.ChipSimulated;
        var gap = new GapEntry(time, simulated, "not-recorded", _unrecorded,
            $"{_unrecorded} parts were judged while the ledger had no room; none of them was permitted by the pass line.");
        if (ledger.TryAppend(gap)) _unrecorded = 0;
    }

    /// <summary>A part that was triggered and whose pixels are gone.</summary>
    private sealed class MissedFrame : Frame
    {
        public MissedFrame(in FrameDescription part) => Begin(part with { Unreadable = "the channel was full" });

        public override int Width => 0;

        public override int Height => 0;

        public override byte[] Encode(PictureFormat format, int maxBytes, Overlay? overlay = null)
            => throw new InvalidOperationException("A missed frame has no pixels.");

        protected override void Recycle()
        {
        }
    }
}
