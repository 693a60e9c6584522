using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store.Tests;

/// <summary>An entry that remembers what became of it.</summary>
internal sealed class NoteDraft : EntryDraft
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _note;
    private readonly string _verdict;
    private int _releases;

    public NoteDraft(TimeProvider time, string note, EntryKind kind = EntryKind.Inspection, string verdict = "Pass")
    {
        (Kind, _note, _verdict) = (kind, note, verdict);
        (At, Timestamp) = (time.GetUtcNow(), time.GetTimestamp());
    }

    public override EntryKind Kind { get; }

    /// <summary>What it was given when it was durable; null when it never was.</summary>
    public EntryNumbers? Durable { get; private set; }

    public int Releases => Volatile.Read(ref _releases);

    public Task Released => _released.Task;

    /// <summary>Called on the store's thread before the body is written.</summary>
    public Action? Writing { get; init; }

    public Action? Told { get; init; }

    public override void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers)
    {
        Writing?.Invoke();
        json.WriteStartObject();
        json.WriteString("ledgerId", numbers.LedgerId);
        json.WriteNumber("sequence", numbers.Sequence);
        json.WriteNumber("position", numbers.Position);
        if (Kind == EntryKind.Inspection) json.WriteString("verdict", _verdict);
        json.WriteString("note", _note);
        json.WriteEndObject();
    }

    public override void OnDurable(in EntryNumbers numbers)
    {
        Durable = numbers;
        Told?.Invoke();
    }

    public override void Release()
    {
        Interlocked.Increment(ref _releases);
        _released.TrySetResult();
    }
}
