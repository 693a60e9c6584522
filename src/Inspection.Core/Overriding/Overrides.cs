namespace Inspection.Core;

/// <summary>
/// People's last word on single parts. An override is a new entry that refers to the inspection; it is done once it is
/// durable, and one at a time, so that each tells the verdict that was in force. Thread-safe; not for the hot path.
/// </summary>
/// <param name="find">
/// The kept inspections of a sequence with their overrides, the newest ledger first; or why there is none. May take
/// seconds; throws <see cref="IOException"/> where the ledger cannot be read.
/// </param>
/// <param name="append">Takes entries; must return at once.</param>
/// <param name="alarms">Takes <c>delivered-part-rejected</c>.</param>
/// <param name="counters">Counts the overrides apart.</param>
/// <param name="rejects">Shows the overrides of the last rejects.</param>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the messages.</param>
public sealed class Overrides(
    Func<long, Outcome<IReadOnlyList<JudgedPart>>> find, Action<EntryDraft> append, Alarms alarms, Counters counters, RecentRejects rejects,
    TimeProvider time, bool simulated) : IDisposable
{
    /// <summary>A person waits no longer than this for an override to be durable.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Reason of the lot's entry for a delivered part that was overruled to Reject.</summary>
    public const string LotReason = "override";

    /// <summary>Action of the audit entry that ends the alarm.</summary>
    public const string Answered = "delivered-parts-answered";

    private const string DeliveredAlarm = "delivered-part-rejected";

    private readonly SemaphoreSlim _one = new(1);
    private readonly Lock _gate = new();
    private readonly List<InspectionNumber> _delivered = [];
    private Task<bool> _last = Task.FromResult(true);

    /// <summary>
    /// Has a part that has not come to the gate yet diverted; true where it will be, so that it was not delivered. Must
    /// return at once. Without it, nothing holds such a part.
    /// </summary>
    public Func<InspectionNumber, bool> Withdraw { get; init; } = static _ => false;

    /// <summary>Takes each part that a person overruled to Reject; must return at once.</summary>
    public Action<InspectionNumber> KnownBad { get; init; } = static _ => { };

    /// <summary>The kept inspections of a sequence, the newest ledger first.</summary>
    /// <returns>At least one; or <c>unknown-sequence</c>, <c>part-too-old</c>, <c>part-not-read</c> or <c>ledger-not-read</c>.</returns>
    public Task<Outcome<IReadOnlyList<JudgedPart>>> FindAsync(long sequence) => Task.Run(() => Find(sequence));

    /// <summary>Overrules a verdict.</summary>
    /// <returns>Null once the override is durable, else why it was refused and what to do.</returns>
    public async Task<Failure?> OverruleAsync(Who who, OverrideRequest request)
    {
        if (request.Refusal(who) is { } wrong) return wrong;
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_last.IsCompleted) return NotStored;
            var found = await FindAsync(request.Inspection.Sequence).ConfigureAwait(false);
            if (!found.Succeeded) return found.Failure;
            if (found.Value.FirstOrDefault(p => p.Number == request.Inspection) is not { } part)
                return new("part-too-old", "This part's entry is no longer kept, so its verdict cannot be overruled.");
            if (part.Purpose == Purpose.TestPart) return new("override-test-part", "A test part's verdict is what is tested; it cannot be overruled.");
            if (part.InForce == request.To) return new("same-verdict", $"The verdict in force is {request.To} already.");
            _last = StoreAsync(part, new Override(part.InForce, request.To, request.Reason.Trim(), who, time.GetUtcNow()));
            return await _last.WaitAsync(LongestWait, time).ConfigureAwait(false) ? null : NotStored;
        }
        catch (TimeoutException)
        {
            return NotStored;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Somebody who answers for the parts has dealt with the delivered ones; ends the alarm.</summary>
    /// <returns>Null when it ended, else why not.</returns>
    public Failure? AnswerDelivered(Who who)
    {
        if (!who.May(Permission.AnswerForParts)) return new("lot-not-permitted", "Delivered parts are answered for by a setter, quality or an administrator.");
        lock (_gate)
        {
            var which = _delivered.Count == 0 ? "" : $": {Sequences}";
            append(new AuditEntry(time, simulated, who, Answered, $"the parts that were rejected after delivery are dealt with{which}")
            {
                // A part whose lot is entered already but whose alarm nobody has seen yet is not among them.
                Parts = [.. _delivered],
            });
            _delivered.Clear();
            alarms.Clear(DeliveredAlarm);
        }
        return null;
    }

    /// <summary>Raises the alarm again for parts that nobody has answered for before this start of the program.</summary>
    /// <param name="delivered">Each part with what was told of it, oldest first; null where the ledger could not be read.</param>
    public void Recall(IReadOnlyList<(InspectionNumber Number, string Told)>? delivered)
    {
        if (delivered is null)
            Raise("The ledger could not be read at the start: there may be parts that were let go and are Rejects now.");
        foreach (var (number, told) in delivered ?? []) TellDelivered(number, told);
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private static Failure NotStored { get; } = new("override-not-stored", "The override is not durable yet. Look at the part again before you repeat it; if it stays so, check the disk.");

    private Outcome<IReadOnlyList<JudgedPart>> Find(long sequence)
    {
        try
        {
            return find(sequence);
        }
        catch (IOException)
        {
            return new Failure("ledger-not-read", "The ledger cannot be read now. Try again; if it stays so, check the disk.");
        }
    }

    private async Task<bool> StoreAsync(JudgedPart part, Override change)
    {
        var entry = new OverrideEntry(time, simulated, part.Number, change);
        // Before anything is waited for: the belt moves on, and a program that is killed must not leave the lot free.
        var delivered = change is { From: VerdictKind.Pass, To: VerdictKind.Reject } && part.CountsAsDelivered;
        if (change.To == VerdictKind.Reject && Withdraw(part.Number)) delivered = false;
        var told = $"Part {part.Number.Sequence} of {MessageSchema.Time(part.At)} was let go and is a Reject now: {change.Reason}.";
        append(entry);
        if (delivered) append(new LotEntry(time, simulated, change.By, part.Lot, LotReason, told, null) { Inspection = part.Number });
        if (change.To == VerdictKind.Reject) KnownBad(part.Number);
        if (!await entry.Stored.ConfigureAwait(false)) return false;
        counters.CountOverridden();
        rejects.Overrule(part.Number, change);
        if (delivered) TellDelivered(part.Number, told);
        return true;
    }

    private string Sequences => string.Join(", ", _delivered.Select(n => n.Sequence));

    /// <summary>One alarm names all parts that nobody has answered for.</summary>
    private void TellDelivered(InspectionNumber number, string told)
    {
        lock (_gate)
        {
            if (!_delivered.Contains(number)) _delivered.Add(number);
            if (_delivered.Count > 1) told = $"Parts {Sequences} were let go and are Rejects now. The last: {told}";
            alarms.Clear(DeliveredAlarm);
            Raise(told);
        }
    }

    private void Raise(string told)
        => alarms.Raise(DeliveredAlarm, AlarmPriority.High, told, "Find the parts, hold their lots, and tell whoever has them; then have quality answer.");
}
