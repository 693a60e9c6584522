using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// A folder that appears whole or not at all: written aside under another name, each file and the folder brought to the
/// disk, then renamed. What a failure leaves behind is removed and is never taken for a model.
/// </summary>
/// <remarks>
/// Each writing has a name of its own aside, and beside it a file that its process keeps locked: so what a killed process
/// left is told from what another one is writing, and of two that end at once the rename lets one through.
/// </remarks>
internal sealed class NewFolder : IDisposable
{
    private const string LockSuffix = ".lock";

    // EWOULDBLOCK of Linux: another one holds the file.
    private const int WouldBlock = 11;

    private readonly string _path;
    private readonly string _aside;
    private readonly FileStream _lock;
    private readonly bool _newParent;
    private readonly List<string> _written = [];

    private NewFolder(string path, string aside, FileStream locked, bool newParent) => (_path, _aside, _lock, _newParent) = (path, aside, locked, newParent);

    /// <summary>Where the files stand until <see cref="Finish"/>.</summary>
    public string Aside => _aside;

    /// <summary>Begins.</summary>
    /// <param name="path">The folder that is to appear; it is not there yet, or empty.</param>
    /// <param name="time">The clock of the name aside.</param>
    public static Outcome<NewFolder> Begin(string path, TimeProvider time)
    {
        if (Refuse(path) is { } refused) return refused;
        var aside = $"{AsideStart(path)}-{Identifiers.New(time):N}";
        NewFolder? folder = null;
        try
        {
            var newParent = !Directory.Exists(Path.GetDirectoryName(path));
            DurableFile.CreateDirectory(Path.GetDirectoryName(path)!);
            RemoveRemains(path);
            if (Lock(aside + LockSuffix) is not { } locked) return UnderWay(path);
            folder = new NewFolder(path, aside, locked, newParent);
            Directory.CreateDirectory(aside);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder?.Dispose();
            return Unwritten(path, e);
        }
    }

    /// <summary>Why a folder cannot be begun; null when it can.</summary>
    public static Failure? Refuse(string path)
    {
        if (IsThere(path)) return Exists(path);
        return Locks(path).Any(IsHeld) ? UnderWay(path) : null;
    }

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
        _written.Add(path);
    }

    /// <summary>Brings the folder to the disk and gives it its name. Throws <see cref="IOException"/>.</summary>
    /// <returns>Null; or <c>teach-out-exists</c> where another teaching gave the folder that name first.</returns>
    public Failure? Finish()
    {
        foreach (var folder in Directory.EnumerateDirectories(_aside, "*", SearchOption.AllDirectories)) DurableFile.SyncDirectory(folder);
        DurableFile.SyncDirectory(_aside);
        if (_written.Find(file => !File.Exists(file)) is { } gone) throw new IOException($"{Path.GetFileName(gone)} has vanished while the others were written.");
        try
        {
            if (Directory.Exists(_path)) Directory.Delete(_path);
            Directory.Move(_aside, _path);
        }
        catch (IOException) when (IsThere(_path))
        {
            return Exists(_path);
        }
        DurableFile.SyncDirectory(Path.GetDirectoryName(_path)!);
        return null;
    }

    /// <summary>The failure that a person is told when the disk refuses.</summary>
    public static Failure Unwritten(string path, Exception e)
        => new("teach-not-written", $"{path} cannot be written: {e.Message} Nothing was left there; see to its permissions and the room on its disk or choose another folder, then teach again.");

    /// <summary>Removes what was written aside, unless it was finished.</summary>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(_aside)) Directory.Delete(_aside, recursive: true);
            File.Delete(_lock.Name);
            var parent = Path.GetDirectoryName(_path)!;
            if (_newParent && !Directory.EnumerateFileSystemEntries(parent).Any()) Directory.Delete(parent);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left for the next attempt, which removes it; its name keeps it from being taken for a model.
            return;
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private static Failure Exists(string path)
        => new("teach-out-exists", $"{path} is there already; a model version is never overwritten. Name a new folder, such as the next version's.");

    private static Failure UnderWay(string path)
        => new("teach-under-way", $"{path} is being taught already. Wait until that teaching has ended, or name another folder.");

    private static bool IsThere(string path) => File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());

    private static string AsideStart(string path) => Path.Combine(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + ".unfinished");

    private static IEnumerable<string> Locks(string path)
    {
        var parent = Path.GetDirectoryName(path)!;
        return Directory.Exists(parent) ? Directory.EnumerateFiles(parent, Path.GetFileName(AsideStart(path)) + "*" + LockSuffix, Every) : [];
    }

    // Names that begin with a dot are hidden files, which are passed over unless one asks for them.
    private static readonly EnumerationOptions Every = new() { AttributesToSkip = FileAttributes.None, MatchType = MatchType.Simple };

    /// <summary>Null where another teaching found the new file before it was locked, or removed it then: that one goes on.</summary>
    private static FileStream? Lock(string file)
    {
        try
        {
            var locked = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            if (File.Exists(file)) return locked;
            locked.Dispose();
            return null;
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    private static bool IsHeld(string file) => IsHeld(file, remove: false);

    private static bool IsHeld(string file, bool remove)
    {
        try
        {
            using var held = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None);
            // While it is locked here: whoever locks it next sees that it is gone.
            if (remove) File.Delete(file);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Removes what killed processes left.</summary>
    private static void RemoveRemains(string path)
    {
        foreach (var folder in Directory.GetDirectories(Path.GetDirectoryName(path)!, Path.GetFileName(AsideStart(path)) + "*", Every))
        {
            if (IsHeld(folder + LockSuffix)) continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Its own teaching has ended meanwhile.
            }
        }
        foreach (var file in Locks(path).ToArray()) IsHeld(file, remove: true);
    }
}
