using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// A folder that appears whole or not at all: written aside under another name, each file and the folder brought to the
/// disk, then renamed. What a failure leaves behind is removed and is never taken for a model.
/// </summary>
internal sealed class NewFolder : IDisposable
{
    private readonly string _path;
    private readonly string _aside;
    private bool _done;

    private NewFolder(string path, string aside) => (_path, _aside) = (path, aside);

    /// <summary>Where the files stand until <see cref="Finish"/>.</summary>
    public string Aside => _aside;

    /// <summary>Begins.</summary>
    /// <param name="path">The folder that is to appear; it is not there yet, or empty.</param>
    public static Outcome<NewFolder> Begin(string path)
    {
        if (Refuse(path) is { } refused) return refused;
        var name = Path.GetFileName(path);
        var parent = Path.GetDirectoryName(path)!;
        var aside = Path.Combine(parent, "." + name + ".unfinished");
        try
        {
            Directory.CreateDirectory(parent);
            // The remains of a process that was killed.
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
            Directory.CreateDirectory(aside);
            return new NewFolder(path, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unwritten(path, e);
        }
    }

    /// <summary>Why a folder cannot be begun; null when it can.</summary>
    public static Failure? Refuse(string path)
        => File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            ? new Failure("teach-out-exists", $"{path} is there already; a model version is never overwritten. Name a new folder, such as the next version's.")
            : null;

    /// <summary>Writes a file and brings it to the disk.</summary>
    /// <param name="name">Its name, or its path below the folder.</param>
    /// <param name="bytes">What it holds.</param>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(_aside, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Brings the folder to the disk and gives it its name.</summary>
    public void Finish()
    {
        foreach (var folder in Directory.EnumerateDirectories(_aside, "*", SearchOption.AllDirectories)) DurableFile.SyncDirectory(folder);
        DurableFile.SyncDirectory(_aside);
        if (Directory.Exists(_path)) Directory.Delete(_path);
        Directory.Move(_aside, _path);
        DurableFile.SyncDirectory(Path.GetDirectoryName(_path)!);
        _done = true;
    }

    /// <summary>The failure that a person is told when the disk refuses.</summary>
    public static Failure Unwritten(string path, Exception e)
        => new("teach-not-written", $"{path} cannot be written: {e.Message} Nothing was left there; make room or choose another folder, then teach again.");

    /// <summary>Removes what was written aside, unless it was finished.</summary>
    public void Dispose()
    {
        if (_done) return;
        try
        {
            if (Directory.Exists(_aside)) Directory.Delete(_aside, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left for the next attempt, which removes it; its name keeps it from being taken for a model.
            return;
        }
    }
}
