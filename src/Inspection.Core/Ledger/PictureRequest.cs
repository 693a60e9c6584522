namespace Inspection.Core;

/// <summary>
/// A picture that the store is to keep: encoded, written aside, fsynced, renamed, hashed, before its entry commits.
/// The store calls <see cref="Stored"/> or <see cref="Refuse"/> before the entry's body is written, and
/// <see cref="ReleaseFrame"/> when it needs the pixels no more (at a late picture that is after the entry).
/// </summary>
public sealed class PictureRequest
{
    /// <summary>No entry waits longer than this, from its verdict, for its picture.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    private Frame? _frame;
    private Action? _done;

    /// <summary>The frame, held for the store; null when the picture was refused at once, or is released.</summary>
    public Frame? Frame => Volatile.Read(ref _frame);

    /// <summary>JPEG or PNG.</summary>
    public PictureFormat Format { get; private set; }

    /// <summary>Greatest size in bytes.</summary>
    public int MaxBytes { get; private set; }

    /// <summary>How long the entry waits for the picture, from its verdict; at most <see cref="LongestWait"/>.</summary>
    public TimeSpan Wait { get; private set; }

    /// <summary>Path within the pictures folder, with forward slashes; null until it is on disk.</summary>
    public string? Path { get; private set; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>Size of the file in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Why there is no picture: <c>late</c>, <c>busy</c>, <c>unreadable-frame</c>, <c>failed</c>; null where there is one.</summary>
    public string? Missing { get; private set; }

    internal void Begin(Frame frame, PictureRules rules, TimeSpan wait, Action done)
    {
        (Format, MaxBytes, Wait, _done) = (rules.Format, rules.MaxBytes, wait, done);
        (Path, Sha256, Bytes, Missing) = (null, null, 0, null);
        Volatile.Write(ref _frame, frame.Retain());
    }

    /// <summary>The picture is on disk.</summary>
    public void Stored(string path, string sha256, long bytes) => (Path, Sha256, Bytes, Missing) = (path, sha256, bytes, null);

    /// <summary>There will be no picture in this entry.</summary>
    public void Refuse(string missing) => (Path, Sha256, Bytes, Missing) = (null, null, 0, missing);

    /// <summary>Lets go of the pixels; calling it again does nothing.</summary>
    public void ReleaseFrame()
    {
        if (Interlocked.Exchange(ref _frame, null) is not { } frame) return;
        frame.Dispose();
        _done?.Invoke();
    }
}
