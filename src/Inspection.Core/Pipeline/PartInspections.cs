namespace Inspection.Core;

/// <summary>The pool of inspections on their way to the ledger, and what happens when one is durable.</summary>
public sealed class PartInspections
{
    /// <summary>At most so many pictures are under way at once.</summary>
    public const int MaxPictures = 8;

    private readonly Lock _gate = new();
    private readonly Stack<PartInspection> _free;
    private readonly Interlock _interlock;
    private readonly RecentRejects _rejects;
    private readonly Action _pictureDone;
    private int _pictures;

    /// <summary>A full pool.</summary>
    /// <param name="interlock">Permits a part when its Pass is durable.</param>
    /// <param name="rejects">Takes the durable rejects.</param>
    /// <param name="capacity">How many can be under way, 16–65536; beyond that parts are not recorded.</param>
    public PartInspections(Interlock interlock, RecentRejects rejects, int capacity = 4096)
    {
        (_interlock, _rejects) = (interlock, rejects);
        _pictureDone = () => Interlocked.Decrement(ref _pictures);
        _free = new(capacity);
        for (var i = 0; i < capacity; i++) _free.Push(new PartInspection(Durable, Return));
    }

    /// <summary>The numbers that the ledger gave to the last parts.</summary>
    public PartNumbers Numbers { get; } = new();

    /// <summary>Takes one, or null when all are under way.</summary>
    internal PartInspection? TryRent()
    {
        lock (_gate) return _free.TryPop(out var inspection) ? inspection : null;
    }

    /// <summary>Asks for a part's picture unless too many are under way.</summary>
    internal void KeepPicture(PartInspection inspection, Frame frame, PictureRules rules, TimeSpan wait)
    {
        if (frame.Unreadable is not null) inspection.KeepNone("unreadable-frame");
        else if (Interlocked.Increment(ref _pictures) <= MaxPictures) inspection.Keep(frame, rules, wait, _pictureDone);
        else
        {
            Interlocked.Decrement(ref _pictures);
            inspection.KeepNone("busy");
        }
    }

    private void Durable(PartInspection inspection, EntryNumbers numbers)
    {
        Numbers.Note(inspection.Part, numbers.Sequence);
        _interlock.Recorded(inspection.Trigger.Timestamp, new(numbers.LedgerId, numbers.Sequence));
        var passed = inspection.Verdict.Kind == VerdictKind.Pass;
        _interlock.PermitPass(inspection.Trigger.Timestamp, passed);
        if (!passed && inspection.Test is null)
            _rejects.Add(new RejectedPart(
                numbers.Sequence, inspection.Verdict, inspection.Score, inspection.Threshold, inspection.Detail, inspection.Picture?.Path, inspection.At)
            { LedgerId = numbers.LedgerId });
    }

    private void Return(PartInspection inspection)
    {
        lock (_gate) _free.Push(inspection);
    }
}
