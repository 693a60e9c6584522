using System.Globalization;
using Inspection.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Inspection.Store;

/// <summary>
/// The ledger on disk: journals, pictures, index, cursors, forgetting. Made by <see cref="Open(DataFolder, StoreOptions, TimeProvider, Alarms, Func{bool}, bool, ILogger)"/>,
/// begun by <see cref="Start"/>, ended by <see cref="StopAsync"/>; then <see cref="DisposeAsync"/> ends reading too.
/// </summary>
public sealed class JournalLedger : ILedger, IAsyncDisposable
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(500);

    private readonly string _folder;
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private readonly Alarms _alarms;
    private readonly bool _simulated;
    private readonly ILogger _log;
    private readonly JournalCatalog _catalog;
    private readonly Recovered _found;
    private readonly AppendQueue _queue;
    private readonly PictureWorkers _pictures;
    private readonly JournalAppender _appender;
    private readonly JournalWriter _writer;
    private readonly LedgerIndex _index;
    private readonly Keeper _keeper;
    private readonly CursorFile _cursors;

    private readonly Lock _tail = new();
    private LedgerPosition _last;
    private TaskCompletionSource? _more;
    private ITimer? _watch;
    private Task<int>? _stopped;

    private JournalLedger(
        DataFolder folder, StoreOptions options, TimeProvider time, Alarms alarms, Func<bool> clockTrusted, bool simulated, ILogger log, StoreSeams seams)
    {
        (_folder, _capacity, _time, _alarms, _simulated, _log) = (folder.Ledger, options.Queue, time, alarms, simulated, log);
        _catalog = JournalCatalog.Load(folder.Ledger);
        _cursors = new(folder.CursorsFile, Cursors, time);
        CursorsProblem = _cursors.Load(_catalog);
        var place = new LedgerPlace(folder.Ledger);
        _found = JournalRecovery.Run(_catalog, folder.Ledger, Cursors.All(), place.WhyCopy(_catalog.Files), time);
        _last = new(_found.End.LedgerId, _found.End.Position);
        _queue = new(options.Queue, time);
        _pictures = new(folder.Pictures, _queue.Wake, alarms, log);
        _appender = new(folder.Ledger, _catalog, place, _found, time, clockTrusted, simulated, seams)
        {
            Refused = e => log.LogError(e, "An entry could not write its body"),
        };
        _writer = new(_queue, _appender, Advance, NotStored, time, log);
        _index = new(_catalog, log);
        var forgetting = new Forgetting(
            _catalog, _index, folder.Pictures, Cursors, options, time, () => seams.DiskShare(folder.Root), clockTrusted,
            (count, detail) => new RetentionGap(time, simulated, count, detail), TryAppend, alarms, log);
        _keeper = new(_cursors, forgetting, time, alarms, log);
    }

    /// <inheritdoc />
    public CursorTable Cursors { get; } = new();

    /// <inheritdoc />
    public LedgerHealth Health
    {
        get
        {
            var (count, oldest) = _queue.Waiting();
            return new(_writer.Failed ?? _appender.Full, oldest, (double)count / _capacity, count);
        }
    }

    /// <summary>Why <c>cursors.json</c> could not be read at opening; null when it could. <see cref="Start"/> sets it aside.</summary>
    public string? CursorsProblem { get; }

    /// <summary>True when the disk holds what <see cref="Cursors"/> holds; to be asked after <see cref="StopAsync"/>.</summary>
    public bool CursorsSaved => _cursors.IsSaved;

    /// <summary>Entries that are not durable yet.</summary>
    public int Pending => _queue.Waiting().Count;

    /// <inheritdoc />
    public LedgerPosition Last
    {
        get
        {
            lock (_tail) return _last;
        }
    }

    /// <summary>Opens the ledger; cuts an incomplete last record and deletes empty journals of a chain that was only begun, otherwise writes nothing before <see cref="Start"/>.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="time">The clock.</param>
    /// <param name="alarms">Takes <c>ledger-unavailable</c>, <c>ledger-damaged</c>, <c>cursors-unreadable</c>, <c>cursors-failed</c>, <c>forgetting-failed</c>, <c>pictures-failed</c> and <c>disk-nearly-full</c>, none of them before <see cref="Start"/>.</param>
    /// <param name="clockTrusted">Whether the wall clock is trusted now; asked once a batch.</param>
    /// <param name="simulated">Stands in the ledger's own gap entries.</param>
    /// <param name="log">For engineers.</param>
    /// <returns>A failure with code <c>ledger-unreadable</c>, or <c>ledger-newer</c> or <c>cursors-newer</c> with the version to install.</returns>
    public static Outcome<JournalLedger> Open(
        DataFolder folder, StoreOptions options, TimeProvider time, Alarms alarms, Func<bool> clockTrusted, bool simulated, ILogger log)
        => Open(folder, options, time, alarms, clockTrusted, simulated, log, StoreSeams.Real);

    internal static Outcome<JournalLedger> Open(
        DataFolder folder, StoreOptions options, TimeProvider time, Alarms alarms, Func<bool> clockTrusted, bool simulated, ILogger log, StoreSeams seams)
    {
        if (CursorFile.Newer(folder.CursorsFile) is { } newer) return newer;
        try
        {
            return new JournalLedger(folder, options, time, alarms, clockTrusted, simulated, log, seams);
        }
        catch (NewerEntryException e)
        {
            return new Failure("ledger-newer", e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("ledger-unreadable", $"The ledger in '{folder.Ledger}' cannot be opened: {e.Message} Check the disk and the permissions of the data folder.");
        }
    }

    /// <summary>
    /// Has the next start begin a new <c>ledgerId</c>: for a data folder that was turned back in a way that no program can
    /// see, such as a snapshot or a cloned disk.
    /// </summary>
    /// <returns>A failure with code <c>file-not-writable</c>, or null.</returns>
    public static Failure? MarkRestored(DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            new LedgerPlace(folder.Ledger).Forget();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("file-not-writable", $"The ledger in '{folder.Ledger}' could not be marked: {e.Message} Check the folder's permissions and the disk.");
        }
    }

    /// <summary>Starts the threads, writes what the opening has to tell, raises its alarms.</summary>
    public void Start()
    {
        foreach (var note in _found.Notes) _log.LogWarning("{Note}", note);
        JournalRecovery.UnmarkClean(_folder);
        _pictures.Start();
        _writer.Start(_found.Unclean ? new GapEntry(_time, _simulated, "power-lost", null, Promise) : null);
        _index.Start();
        // Before the keeper, which writes the file anew.
        if (CursorsProblem is not null)
            _alarms.Raise("cursors-unreadable", AlarmPriority.Medium, CursorsProblem + CursorsAside(), "Receivers may get messages twice; tell them apart by ledgerId and position.");
        _keeper.Start();
        _watch = _time.CreateTimer(_ => Watch(), null, WatchEvery, WatchEvery);
        // Moving or restoring is a person's own act and needs no answer.
        if (_found.Predecessor is { Reason: not ("write-failed" or "restored") } lost)
            _alarms.Raise("ledger-damaged", AlarmPriority.High, lost.Detail, "Run 'ledger verify', and compare with what receivers have; check the disk.");
    }

    private string CursorsAside()
    {
        try
        {
            return _cursors.SetAside() is { } name ? $" The file was set aside as {name}." : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.LogError(e, "The cursors could not be set aside; that is tried again before they are written");
            return "";
        }
    }

    private const string Promise =
        "The station did not come to its end. Parts whose verdict was not durable then are not in the ledger; none of them was permitted by the pass line or let through the gate. "
        + "Where the line only trips on a reject, a passing part is not held for durability.";

    /// <inheritdoc />
    public bool TryAppend(EntryDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return _queue.TryAdd(draft, _pictures);
    }

    /// <inheritdoc />
    public IReadOnlyList<StoredMessage> ReadAfter(LedgerPosition? cursor, int max) => _catalog.ReadAfter(cursor, Math.Clamp(max, 1, 1000));

    /// <inheritdoc />
    public long CountAfter(LedgerPosition? cursor) => _catalog.CountAfter(cursor);

    /// <inheritdoc />
    public async Task WaitAfterAsync(LedgerPosition last, CancellationToken stop)
    {
        while (true)
        {
            Task more;
            lock (_tail)
            {
                // Whatever stands in this chain comes after all others.
                if (_last.Position > (last.LedgerId == _last.LedgerId ? last.Position : 0)) return;
                _more ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _more.Task;
            }
            await more.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Answers a question from the index, brought up to date first. May take seconds where an index is rebuilt.</summary>
    /// <exception cref="ArgumentException">The query is out of range: see <see cref="LedgerQuery.Errors"/>.</exception>
    public LedgerPage Query(LedgerQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _index.Query(query);
    }

    /// <summary>Gives every durable entry that counts, oldest first, each once its record, numbers and hash were found to be as they were written. Takes as long as reading the whole ledger does.</summary>
    /// <param name="visit">Takes an entry.</param>
    /// <returns>What was found; with a bad place, what was given up to there is not to be relied on.</returns>
    /// <exception cref="IOException">A journal cannot be read, or was forgotten meanwhile.</exception>
    public LedgerVerification Walk(Action<LedgerRow> visit) => new LedgerVerifier(visit).Walk(_catalog.Files);

    /// <summary>Takes no more, makes durable what waits, keeps the cursors. Reading goes on.</summary>
    /// <param name="limit">How long what waits may take; by default 10 s.</param>
    /// <returns>How many entries could not be stored.</returns>
    public Task<int> StopAsync(TimeSpan? limit = null)
    {
        lock (_tail) return _stopped ??= Task.Run(() => Stop(limit ?? DrainLimit));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _index.Dispose();
        _catalog.Dispose();
        if (_watch is not null && !_writer.Ended.IsCompleted) return; // its thread hangs in the disk and may still come back
        _writer.Dispose();
        _keeper.Dispose();
    }

    private async Task<int> Stop(TimeSpan limit)
    {
        _queue.Close();
        if (_watch is null) return 0;
        if (!await Ends(limit).ConfigureAwait(false))
        {
            _writer.GiveUp();
            await Ends(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        }
        await _watch.DisposeAsync().ConfigureAwait(false);
        _pictures.Stop();
        _keeper.Stop();
        var lost = _writer.Ended.IsCompleted ? _writer.Lost : Math.Max(_writer.Lost, _queue.Waiting().Count);
        if (lost > 0) _log.LogError("{Lost} entries could not be stored", lost);
        // What is told is no surprise to the next start.
        if (lost == 0 || _writer.LostIsTold) MarkClean();
        return lost;
    }

    private GapEntry NotStored(int entries, DateTimeOffset since) => new(_time, _simulated, "not-recorded", entries,
        $"{entries} entries of the time from {MessageSchema.Time(since)} on could not be stored before the station ended, because the disk took no more. No part among them was permitted by the pass line or let through the gate. "
        + "Where the line only trips on a reject, a passing part is not held for durability.");

    private void MarkClean()
    {
        try
        {
            JournalRecovery.MarkClean(_folder, _appender.End);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.LogWarning(e, "The clean end could not be marked; the next start will tell of an unclean one");
        }
    }

    private async Task<bool> Ends(TimeSpan within)
    {
        try
        {
            await _writer.Ended.WaitAsync(within, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Advance(LedgerPosition last)
    {
        TaskCompletionSource? more;
        lock (_tail) (_last, more, _more) = (last, _more, null);
        more?.SetResult();
    }

    private void Watch()
    {
        var health = Health;
        if (health.Failed is null && health.OldestPending <= LedgerHealth.MaxPending)
        {
            _alarms.Clear("ledger-unavailable");
            return;
        }
        var why = health.Failed ?? string.Create(CultureInfo.InvariantCulture, $"the disk has not answered for {health.OldestPending.TotalSeconds:F0} s");
        _alarms.Raise("ledger-unavailable", AlarmPriority.High, $"The ledger is not to be relied on: {why}", "Check the disk: its cable, its room, its health. The station goes on by itself when it can write again.");
    }
}

/// <summary>What tests replace: disks that fail, and full ones.</summary>
/// <param name="OpenJournal">Opens a journal for appending.</param>
/// <param name="DiskShare">How much of a folder's disk is in use, 0–1.</param>
/// <param name="DiskFree">How many bytes are left on it.</param>
/// <param name="TryKeep">Sets room aside: <see cref="JournalReserve.TryKeep"/>.</param>
internal sealed record StoreSeams(Func<string, FileStream> OpenJournal, Func<string, double> DiskShare, Func<string, long> DiskFree, Func<SafeFileHandle, long, bool> TryKeep)
{
    public static StoreSeams Real { get; } = new(JournalAppender.OpenFile, path =>
    {
        var disk = new DriveInfo(path);
        return disk.TotalSize <= 0 ? 0 : 1 - (double)disk.AvailableFreeSpace / disk.TotalSize;
    }, path => new DriveInfo(path).AvailableFreeSpace, JournalReserve.TryKeep);
}
