using System.Text.Json;
using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Station.Settings;
using Inspection.Store;
using Inspection.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inspection.Station.Tests;

/// <summary>A whole station within the test's own process, so that a test can act as its person and look at its parts.</summary>
internal sealed class StationInside : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly StationHost _host;
    private bool _ended;

    private StationInside(DataFolder folder, StationHost host) => (_folder, _host) = (folder, host);

    public StationParts Parts => _host.Parts;

    public Interlock Interlock => Parts.Interlock;

    /// <summary>Starts one on the box's settings and model.</summary>
    public static async Task<StationInside> StartAsync(StationBox box, bool ownBroker = true)
    {
        var request = new RunRequest(null, null, box.Model, false, true, box.Http, ownBroker ? box.Mqtt : null, box.Data, false);
        var folder = DataFolder.Open(box.Data, TimeProvider.System).Value!;
        var reading = SettingsFile.Read(folder.Root, request);
        reading.Errors.ShouldBeEmpty();
        var started = await StationHost.StartAsync(folder, reading.Settings, request, TimeProvider.System, NullLoggerFactory.Instance);
        started.Failure.ShouldBeNull();
        return new(folder, started.Value!);
    }

    /// <summary>
    /// Lets so many parts more pass while Running. On a machine that is busy with other things a beat may be missed; then
    /// a person resets and starts again, as at a line.
    /// </summary>
    public Task RunUntilPassedAsync(int parts)
    {
        long? from = null;
        return Eventually.Holds(() =>
        {
            if (Interlock.State == InterlockState.Tripped) Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved);
            if (Interlock.State == InterlockState.Stopped) Interlock.Start(Some.Person);
            if (Interlock.State != InterlockState.Running) return false;
            from ??= Parts.Counters.Snapshot().Passed;
            return Parts.Counters.Snapshot().Passed >= from + parts;
        }, TimeSpan.FromSeconds(60));
    }

    /// <summary>All changes of state in a ledger, oldest first, as they were told.</summary>
    public static List<JsonElement> Transitions(StationBox box)
        => [.. new LedgerArchive(DataFolder.LedgerOf(box.Data)).Query(new LedgerQuery { Kind = EntryKind.Interlock }).Rows.Reverse().Select(row => JsonElement.Parse(row.Body.Span))];

    /// <summary>Ends it in good order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
