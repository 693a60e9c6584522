using System.Globalization;
using System.Security.Cryptography;
using Inspection.Core;
using Microsoft.Extensions.Logging;

namespace Inspection.Store;

/// <summary>
/// The threads that encode and store pictures: written aside, fsynced, renamed. A picture's path within the folder is
/// <c>YYYY-MM-DD/FRAMEID.jpg</c> or <c>.png</c>, the day being that of its entry.
/// </summary>
internal sealed class PictureWorkers
{
    private const int Threads = 2;
    private const int Capacity = 16;

    private readonly string _folder;
    private readonly Alarms _alarms;
    private readonly ILogger _log;
    private readonly Action _done;
    private readonly object _gate = new();
    private readonly Stack<PictureJob> _free = new(Capacity);
    private readonly Queue<PictureJob> _queue = new(Capacity);
    private bool _stopped;

    /// <summary>Workers that are not started yet.</summary>
    /// <param name="folder">The folder <c>pictures</c>.</param>
    /// <param name="done">Called when a picture is over; must return at once.</param>
    /// <param name="alarms">Takes <c>pictures-failed</c>.</param>
    /// <param name="log">For engineers.</param>
    public PictureWorkers(string folder, Action done, Alarms alarms, ILogger log)
    {
        (_folder, _done, _alarms, _log) = (folder, done, alarms, log);
        for (var i = 0; i < Capacity; i++) _free.Push(new PictureJob(Free));
    }

    public void Start()
    {
        for (var i = 0; i < Threads; i++) new Thread(Work) { IsBackground = true, Name = "pictures" }.Start();
    }

    /// <summary>Ends the threads when they have done what waits.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Begins a draft's picture; null when too many are under way. Allocates nothing.</summary>
    public PictureJob? TryBegin(EntryDraft draft)
    {
        lock (_gate)
        {
            if (_stopped || !_free.TryPop(out var job)) return null;
            job.Begin(draft);
            _queue.Enqueue(job);
            Monitor.Pulse(_gate);
            return job;
        }
    }

    private void Free(PictureJob job)
    {
        lock (_gate) _free.Push(job);
    }

    private void Work()
    {
        while (Next() is { } job)
        {
            Store(job);
            job.LetGo();
        }
    }

    private PictureJob? Next()
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_stopped) Monitor.Wait(_gate);
            return _queue.TryDequeue(out var job) ? job : null;
        }
    }

    private void Store(PictureJob job)
    {
        var request = job.Draft.Picture!;
        string? file = null;
        try
        {
            var frame = request.Frame!;
            var bytes = frame.Encode(request.Format, request.MaxBytes);
            var extension = request.Format == PictureFormat.Png ? "png" : "jpg";
            var day = job.Draft.At.UtcDateTime.ToString(JournalName.DayFormat, CultureInfo.InvariantCulture);
            var path = $"{day}/{frame.Id:D}.{extension}";
            if (!job.IsAbandoned)
            {
                file = Path.Combine(_folder, path);
                DurableFile.CreateDirectory(Path.Combine(_folder, day));
                DurableFile.Write(file, bytes);
            }
            if (!job.TryFinish(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length) && file is not null) File.Delete(file);
            _alarms.Clear("pictures-failed");
        }
#pragma warning disable CA1031 // whatever a frame or the disk does, the entry goes on without its picture
        catch (Exception e)
#pragma warning restore CA1031
        {
            job.TryFinish(null, null, 0);
            // Once each time: the alarm stands until it is over.
            if (!_alarms.Active.Any(a => a.Code == "pictures-failed")) _log.LogError(e, "A picture could not be stored");
            _alarms.Raise("pictures-failed", AlarmPriority.Medium, $"A picture could not be stored: {e.Message}", "Check the room on the disk and the permissions of the folder 'pictures'; verdicts go on without pictures.");
        }
        finally
        {
            request.ReleaseFrame();
            _done();
        }
    }
}
