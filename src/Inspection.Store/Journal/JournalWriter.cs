using Inspection.Core;
using Microsoft.Extensions.Logging;

namespace Inspection.Store;

/// <summary>
/// The ledger's one writer thread: takes what waits, sets aside for at most 200 ms what waits for its picture, makes
/// the rest durable as one batch, then tells. While nothing can be stored it tries again each second.
/// </summary>
/// <param name="queue">What waits.</param>
/// <param name="appender">Makes it durable.</param>
/// <param name="durable">Told how far it is.</param>
/// <param name="lost">Tells of what could not be stored until the end: how many entries, and since when.</param>
/// <param name="time">The clock.</param>
/// <param name="log">For engineers.</param>
internal sealed class JournalWriter(
    AppendQueue queue, JournalAppender appender, Action<LedgerPosition> durable, Func<int, DateTimeOffset, EntryDraft> lost, TimeProvider time, ILogger log) : IDisposable
{
    private const int MaxBatch = 1024;
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AsideWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly List<PendingEntry> _aside = new(MaxBatch);
    private readonly List<PendingEntry> _batch = new(MaxBatch);
    private readonly List<EntryNumbers> _numbers = new(MaxBatch);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _giveUp = new();
    private string? _failed;
    private int _lost;

    /// <summary>Why nothing can be stored now; null when it can.</summary>
    public string? Failed => Volatile.Read(ref _failed);

    /// <summary>Completes when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Entries that were given up at the end.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Whether the ledger itself tells of those.</summary>
    public bool LostIsTold { get; private set; }

    /// <summary>Starts the thread.</summary>
    /// <param name="first">Stands before everything else; null for nothing.</param>
    public void Start(EntryDraft? first)
    {
        if (first is not null) _batch.Add(new(first, time.GetTimestamp(), null));
        new Thread(Run) { IsBackground = true, Name = "ledger" }.Start();
    }

    /// <summary>Ends trying where nothing can be stored.</summary>
    public void GiveUp() => _giveUp.Set();

    public void Dispose() => _giveUp.Dispose();

    private void Run()
    {
        try
        {
            var going = Commit();
            while (going)
            {
                queue.Take(_aside, MaxBatch, _aside.Count > 0 ? AsideWait : IdleWait);
                ChooseReady();
                if (_batch.Count > 0) going = Commit();
                else if (_aside.Count == 0 && queue.Closed && queue.Waiting().Count == 0) break;
                else appender.LookAtRoom();
            }
        }
        finally
        {
            ReleaseLeft();
            appender.Dispose();
            _ended.SetResult();
        }
    }

    private void ChooseReady()
    {
        var kept = 0;
        for (var i = 0; i < _aside.Count; i++)
        {
            var pending = _aside[i];
            if (IsReady(pending)) _batch.Add(pending);
            else _aside[kept++] = pending;
        }
        _aside.RemoveRange(kept, _aside.Count - kept);
    }

    private bool IsReady(in PendingEntry pending)
    {
        if (pending.Picture is { } job)
        {
            if (!job.IsOver && time.GetElapsedTime(pending.Draft.Timestamp) < pending.Draft.Picture!.Wait) return false;
            job.Settle();
        }
        else if (pending.Draft.Picture is { Frame: not null } request)
        {
            request.Refuse("busy");
            request.ReleaseFrame();
        }
        return true;
    }

    /// <summary>Makes the batch durable, however long that takes.</summary>
    /// <returns>False when it was given up.</returns>
    private bool Commit()
    {
        while ((_batch.Count > 0 || appender.OwesPredecessor) && appender.Append(_batch, _numbers) is { } failure)
        {
            if (Failed is null) log.LogError("The ledger cannot be written: {Failure}", failure);
            Volatile.Write(ref _failed, $"the ledger cannot be written: {failure}");
            if (_giveUp.Wait(RetryAfter)) return false;
            appender.LookAtRoom();
        }
        if (Failed is not null) log.LogWarning("The ledger can be written again, under the ledgerId {LedgerId}", appender.End.LedgerId);
        Volatile.Write(ref _failed, null);
        for (var i = 0; i < _batch.Count; i++)
        {
            if (_numbers[i].Entry > 0) Tell(_batch[i].Draft, _numbers[i]);
        }
        durable(new(appender.End.LedgerId, appender.End.Position));
        // Before the release: whoever waited for it finds them waiting no more.
        queue.Hold(_aside);
        foreach (var pending in _batch) Release(pending);
        _batch.Clear();
        // Last, because parts wait for what was told.
        appender.LookAtRoom();
        return true;
    }

    private void Tell(EntryDraft draft, in EntryNumbers numbers)
    {
        try
        {
            draft.OnDurable(numbers);
        }
#pragma warning disable CA1031 // one listener's defect must not stop the ledger
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogError(e, "What was to follow entry {Entry} failed", numbers.Entry);
        }
    }

    private static void Release(in PendingEntry pending)
    {
        if (pending.Picture is { } job) job.LetGo();
        else pending.Draft.Release();
    }

    private void ReleaseLeft()
    {
        queue.Close();
        queue.Take(_aside, int.MaxValue, TimeSpan.Zero);
        _batch.AddRange(_aside);
        _aside.Clear();
        Volatile.Write(ref _lost, _batch.Count);
        if (_lost > 0)
        {
            var since = time.GetUtcNow() - time.GetElapsedTime(_batch.Min(pending => pending.Since));
            LostIsTold = appender.Append([new(lost(_lost, since), time.GetTimestamp(), null)], _numbers, last: true) is null;
        }
        foreach (var pending in _batch) Release(pending);
        queue.Hold(_aside);
    }
}
