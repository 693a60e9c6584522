using Inspection.Core;
using Inspection.Vision;

namespace Inspection.Station.Hosting;

/// <summary>
/// Copies the pictures of parts that a person called defective beside the versions of the model that judged them, where
/// every later version must reject them. On threads of the pool, one after the other.
/// </summary>
/// <param name="find">The picture of a part; may take seconds and throw <see cref="IOException"/>.</param>
/// <param name="models">The data folder's models.</param>
/// <param name="alarms">Takes <c>known-defects-failed</c>.</param>
/// <param name="time">The clock.</param>
/// <param name="log">For engineers.</param>
internal sealed class DefectKeeper(Func<InspectionNumber, Outcome<StoredPicture>> find, string models, Alarms alarms, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const string FailedAlarm = "known-defects-failed";

    private readonly Lock _gate = new();
    private Task _going = Task.CompletedTask;

    /// <summary>Keeps a part's picture, where one was kept. Returns at once.</summary>
    public void Keep(InspectionNumber part)
    {
        lock (_gate) _going = _going.ContinueWith(_ => Copy(part), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Ends when all are kept, or the disk has not taken them for 2 s.</summary>
    public async ValueTask DisposeAsync()
    {
        Task going;
        lock (_gate) going = _going;
        try
        {
            await going.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            StationLog.LeftBehind(log, "Keeping the pictures of known defects");
        }
    }

    private void Copy(InspectionNumber part)
    {
        try
        {
            var found = find(part);
            if (!found.Succeeded)
            {
                StationLog.Progress(log, $"Part {part.Sequence} is called defective, but cannot be shown to new versions of its model: {found.Failure.Message}");
                return;
            }
            var added = KnownDefects.Add(Path.Combine(models, found.Value.ModelName), Path.GetFileName(found.Value.Path), found.Value.Bytes);
            if (!added.Succeeded) Tell(part, added.Failure.Message);
            else
            {
                alarms.Clear(FailedAlarm);
                if (added.Value) StationLog.Progress(log, $"The picture of part {part.Sequence} is a known defect of {found.Value.ModelName} now; new versions must reject it");
                else StationLog.Progress(log, $"The picture of part {part.Sequence} is no new known defect: it is one already, or it is simulated and labelled as such, and a model would take the label for the defect");
            }
        }
#pragma warning disable CA1031 // whatever the entry or the disk is like, the person's word is in the ledger and the station goes on
        catch (Exception e)
#pragma warning restore CA1031
        {
            Tell(part, e.Message);
        }
    }

    private void Tell(InspectionNumber part, string why)
        => alarms.Raise(FailedAlarm, AlarmPriority.Low, $"The picture of part {part.Sequence}, which a person called defective, could not be kept for the proof of new versions: {why}",
            "Check the room on the disk, and the permissions and the number of pictures of the model's folder 'known-defects'; then copy the part's picture there.");
}
