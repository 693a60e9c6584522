using Inspection.Core;

namespace Inspection.Store;

/// <summary>One picture under way. Shared by the writer and one picture worker; the draft is released when both are done with it. Pooled.</summary>
internal sealed class PictureJob(Action<PictureJob> free)
{
    private const int Working = 0;
    private const int Over = 1;
    private const int Abandoned = 2;

    private EntryDraft? _draft;
    private int _state;
    private int _parties;
    private string? _path;
    private string? _sha256;
    private long _bytes;

    public EntryDraft Draft => _draft!;

    /// <summary>True when the worker has come to its end in time.</summary>
    public bool IsOver => Volatile.Read(ref _state) == Over;

    public bool IsAbandoned => Volatile.Read(ref _state) == Abandoned;

    public void Begin(EntryDraft draft)
    {
        _draft = draft;
        (_path, _sha256, _bytes) = (null, null, 0);
        _parties = 2;
        Volatile.Write(ref _state, Working);
    }

    /// <summary>The worker's end: the picture is on disk, or it failed (no path).</summary>
    /// <returns>False when the entry went without it: the picture must go again.</returns>
    public bool TryFinish(string? path, string? sha256, long bytes)
    {
        (_path, _sha256, _bytes) = (path, sha256, bytes);
        return Interlocked.CompareExchange(ref _state, Over, Working) == Working;
    }

    /// <summary>The writer's end: tells the request what became of it.</summary>
    public void Settle()
    {
        var request = Draft.Picture!;
        if (Interlocked.CompareExchange(ref _state, Abandoned, Working) == Working) request.Refuse("late");
        else if (_path is null) request.Refuse("failed");
        else request.Stored(_path, _sha256!, _bytes);
    }

    /// <summary>One of the two needs the draft no more.</summary>
    public void LetGo()
    {
        if (Interlocked.Decrement(ref _parties) > 0) return;
        var draft = _draft!;
        _draft = null;
        free(this);
        draft.Release();
    }
}
