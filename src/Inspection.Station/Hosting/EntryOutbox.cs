using System.Collections.Concurrent;
using Inspection.Core;

namespace Inspection.Station.Hosting;

/// <summary>
/// Hands the station's own entries (transitions, alarms, acts) to the ledger. Never blocks: what finds no room waits
/// here, in order, and is handed in by <see cref="Pump"/>.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="simulated">Stands in the gap entry that tells of what was lost.</param>
internal sealed class EntryOutbox(TimeProvider time, bool simulated)
{
    /// <summary>At most so many entries wait; beyond that the oldest are kept and the newest counted as lost.</summary>
    public const int Capacity = 1000;

    private readonly ConcurrentQueue<EntryDraft> _waiting = new();
    private readonly Lock _pumping = new();
    private ILedger? _ledger;
    private long _lost;
    private long _told;

    /// <summary>Entries that found no room here either.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Entries that wait for room in the ledger.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The ledger is open now.</summary>
    public void Attach(ILedger ledger)
    {
        Volatile.Write(ref _ledger, ledger);
        Pump();
    }

    /// <summary>Hands an entry in, or lets it wait.</summary>
    public void Append(EntryDraft draft)
    {
        if (_waiting.Count >= Capacity)
        {
            Interlocked.Increment(ref _lost);
            draft.Release();
            return;
        }
        _waiting.Enqueue(draft);
        Pump();
    }

    /// <summary>Hands in what waits, as far as there is room.</summary>
    public void Pump()
    {
        if (Volatile.Read(ref _ledger) is not { } ledger || !_pumping.TryEnter()) return;
        try
        {
            while (_waiting.TryPeek(out var draft) && ledger.TryAppend(draft)) _waiting.TryDequeue(out _);
            if (_waiting.IsEmpty && Lost - _told is > 0 and var untold && ledger.TryAppend(Gap(untold))) _told += untold;
        }
        finally
        {
            _pumping.Exit();
        }
    }

    private GapEntry Gap(long entries) => new(time, simulated, "not-recorded", entries,
        $"{entries} of the station's own entries (changes of state, alarms, acts of people) came while the ledger had no room for long, and are missing.");
}
