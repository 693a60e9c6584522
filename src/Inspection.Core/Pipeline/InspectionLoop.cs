using Microsoft.Extensions.Logging;

namespace Inspection.Core;

/// <summary>One frame's straight way: taken, detected, judged, applied, recorded, shown. One thread.</summary>
public sealed class InspectionLoop(
    Capture capture, IDefectDetector detector, Interlock interlock, ILedger ledger, PartInspections inspections,
    LiveView live, Counters counters, PipelineContext context, TimeProvider time, ILogger log)
{
    /// <summary>The recipe's test parts; null where it has none.</summary>
    public TestParts? TestParts { get; init; }

    private readonly Detection _detection = new();
    private long _part;
    private long _unrecorded;

    /// <summary>One turn: a part, or a look at the world when there is none. Nothing that a part does throws.</summary>
    public void Turn()
    {
        var arrival = capture.Take();
        interlock.Turn();
        var health = ledger.Health;
        interlock.SetCondition(TripCause.LedgerUnavailable, health.Unavailable, health.Failed ?? "verdicts do not become durable in time");
        interlock.SetCondition(TripCause.CameraLost, arrival.Kind == ArrivalKind.Lost, arrival.Reason ?? "");
        TestParts?.SeeSource(capture.Sources, arrival.Kind == ArrivalKind.Lost);
        if (arrival.Frame is { } frame) Inspect(frame);
        if (capture.TakeForgotten() is > 0 and var forgotten)
        {
            TestParts?.Missed();
            CountNotRecorded(forgotten);
        }
    }

    private void Inspect(Frame frame)
    {
        using (frame)
        {
            _part++;
            _detection.Clear();
            var verdict = frame is MissedFrame ? Verdict.Indeterminate(VerdictReason.Overrun) : Look(frame);
            var judgedAt = time.GetUtcNow();
            var test = TestParts?.Take(frame.Trigger);
            verdict = interlock.Apply(verdict, frame.Trigger, out var acted, counts: test is null);
            if (test is not null) TestParts!.Judged(test, verdict, frame.Trigger.Id);
            Record(frame, verdict, judgedAt, acted, test);
            if (test is null) counters.Count(verdict, frame.TrueLabel);
            else counters.CountTestPart();
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

    private void Record(Frame frame, Verdict verdict, DateTimeOffset judgedAt, long acted, TestRun? test)
    {
        var inspection = inspections.TryRent();
        if (inspection is not null)
        {
            inspection.Fill(_part, frame, verdict, _detection, context, interlock.Snapshot, judgedAt, time.GetUtcNow(), acted, test);
            var pictures = context.Recipe.Pictures;
            if (verdict.Kind != VerdictKind.Pass || test is not null || (pictures.PassEvery > 0 && _part % pictures.PassEvery == 0))
                inspections.KeepPicture(inspection, frame, pictures, PictureWait(frame, verdict, acted));
            if (ledger.TryAppend(inspection))
            {
                if (_unrecorded > 0) RecordGap(frame.Simulated || context.ChipSimulated);
                return;
            }
            inspection.Release();
        }
        CountNotRecorded(1);
    }

    /// <summary>A part that may pass is permitted when its entry is durable, so its picture may not use up its time.</summary>
    private TimeSpan PictureWait(Frame frame, Verdict verdict, long acted)
    {
        if (verdict.Kind != VerdictKind.Pass) return PictureRequest.LongestWait;
        var half = (context.Recipe.Rules.Deadline - time.GetElapsedTime(frame.Trigger.Timestamp, acted)) / 2;
        return half < PictureRequest.LongestWait ? half : PictureRequest.LongestWait;
    }

    private void CountNotRecorded(long parts)
    {
        _unrecorded += parts;
        counters.CountNotRecorded(parts);
    }

    private void RecordGap(bool simulated)
    {
        var gap = new GapEntry(time, simulated, "not-recorded", _unrecorded,
            $"{_unrecorded} parts have no entry: they came while the ledger, or the loop, had no room. None of them was permitted by the pass line or let through the gate; where the line only trips on a reject, a passing part is not held.");
        if (ledger.TryAppend(gap)) _unrecorded = 0;
    }
}
