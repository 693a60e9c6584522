using System.Text.Json;
using Inspection.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Store.Tests;

/// <summary>A data folder of a test's own with a ledger that can be closed, killed (not closed) and opened again.</summary>
internal sealed class Box : IAsyncDisposable
{
    private readonly List<(Alarm Alarm, bool Active)> _alarmed = [];
    private DataFolder? _folder;
    private JournalLedger? _ledger;

    public Box(TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        Root = Directory.CreateTempSubdirectory("inspection-store-").FullName;
        Alarms = new(Time, (alarm, active) =>
        {
            lock (_alarmed) _alarmed.Add((alarm, active));
        });
    }

    public string Root { get; }

    public TimeProvider Time { get; }

    public Alarms Alarms { get; }

    public StoreOptions Options { get; set; } = new();

    public StoreSeams Seams { get; set; } = StoreSeams.Real with { DiskShare = _ => 0.1 };

    public JournalLedger Ledger => _ledger!;

    public string LedgerFolder => Path.Combine(Root, "ledger");

    public string Pictures => Path.Combine(Root, "pictures");

    public LedgerArchive Archive => new(LedgerFolder);

    public IReadOnlyList<string> Journals => [.. Directory.GetFiles(LedgerFolder, "*.journal").Order(StringComparer.Ordinal)];

    public bool Raised(string code)
    {
        lock (_alarmed) return _alarmed.Any(a => a.Alarm.Code == code && a.Active);
    }

    public JournalLedger Open()
    {
        var folder = DataFolder.Open(Root, Time);
        folder.Succeeded.ShouldBeTrue(folder.Failure?.Message);
        _folder = folder.Value;
        var ledger = JournalLedger.Open(folder.Value!, Options, Time, Alarms, () => true, simulated: true, NullLogger.Instance, Seams);
        ledger.Succeeded.ShouldBeTrue(ledger.Failure?.Message);
        _ledger = ledger.Value;
        Ledger.Start();
        return Ledger;
    }

    /// <summary>What stands in the way of opening; nothing is left open.</summary>
    public Failure? TryOpen()
    {
        var folder = DataFolder.Open(Root, Time);
        if (!folder.Succeeded) return folder.Failure;
        using var held = folder.Value;
        return JournalLedger.Open(held, Options, Time, Alarms, () => true, simulated: true, NullLogger.Instance, Seams).Failure;
    }

    public async Task CloseAsync()
    {
        if (_ledger is not null) await _ledger.DisposeAsync();
        _folder?.Dispose();
        _ledger = null;
    }

    /// <summary>Ends it as if the process had been killed after the last fsync.</summary>
    public async Task KillAsync()
    {
        await CloseAsync();
        File.Delete(Path.Combine(LedgerFolder, "clean"));
    }

    public async Task<JournalLedger> ReopenAsync()
    {
        await CloseAsync();
        return Open();
    }

    /// <summary>Appends notes and waits until they are durable.</summary>
    public async Task<IReadOnlyList<NoteDraft>> AppendAsync(int count, EntryKind kind = EntryKind.Inspection)
    {
        var drafts = Enumerable.Range(0, count).Select(i => new NoteDraft(Time, $"part {i}", kind)).ToList();
        foreach (var draft in drafts) Ledger.TryAppend(draft).ShouldBeTrue();
        foreach (var draft in drafts) await draft.Released.WaitAsync(TimeSpan.FromSeconds(20));
        return drafts;
    }

    public IReadOnlyList<StoredMessage> All()
    {
        var all = new List<StoredMessage>();
        while (Ledger.ReadAfter(all.Count == 0 ? null : all[^1].At, 1000) is { Count: > 0 } more) all.AddRange(more);
        return all;
    }

    public static JsonElement Json(StoredMessage message) => JsonElement.Parse(message.Body.Span);

    /// <summary>The reasons of all gap messages.</summary>
    public IReadOnlyList<string?> Gaps() => [.. All().Where(m => m.Kind == EntryKind.Gap).Select(m => Json(m).GetProperty("reason").GetString())];

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Root, recursive: true);
    }

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
}
