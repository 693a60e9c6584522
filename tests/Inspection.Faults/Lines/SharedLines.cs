using System.IO.MemoryMappedFiles;
using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>
/// A ring of line changes in a file that two processes map: what the station wrote stays readable whatever becomes of
/// it. One writer, one reader.
/// </summary>
internal sealed class SharedLines : IDisposable
{
    private const int Records = 16384, Size = 16, First = 8;

    private static readonly string[] Names = [.. LineNames.Outputs];

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private long _read;

    /// <summary>Maps the file, which is made where it is not there.</summary>
    public SharedLines(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, First + (Records * Size));
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The writer's: an output has a new level. Allocates nothing.</summary>
    public void Write(string line, bool high)
    {
        var count = _view.ReadInt64(0);
        var at = First + (count % Records * Size);
        _view.Write(at, Nanoseconds.Now);
        _view.Write(at + 8, Array.IndexOf(Names, line));
        _view.Write(at + 12, high ? 1 : 0);
        _view.Write(0, count + 1);
    }

    /// <summary>The reader's: what came since the last call.</summary>
    public IEnumerable<LineChange> Read()
    {
        for (var count = _view.ReadInt64(0); _read < count; _read++)
        {
            var at = First + (_read % Records * Size);
            yield return new(_view.ReadInt64(at), Names[_view.ReadInt32(at + 8)], _view.ReadInt32(at + 12) == 1);
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
