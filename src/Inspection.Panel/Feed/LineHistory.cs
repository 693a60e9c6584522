using Inspection.Core;

namespace Inspection.Panel.Feed;

/// <summary>Tells a line that pulses from one that stands, out of one sample a tick.</summary>
/// <param name="window">Ticks that are looked back.</param>
internal sealed class LineHistory(int window)
{
    private readonly Dictionary<string, (bool Active, long Tick, long Before)> _changes = [];
    private long _tick;

    /// <summary>Takes the lines of this tick.</summary>
    public IReadOnlyList<ChipLine> Look(IReadOnlyList<LineState> lines)
    {
        _tick++;
        if (lines.Count == 0) return [];
        var looked = new ChipLine[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var last = _changes.GetValueOrDefault(line.Name, (line.Active, -window, -window));
            if (last.Active != line.Active) _changes[line.Name] = last = (line.Active, _tick, last.Item2);
            else _changes[line.Name] = last;
            looked[i] = new ChipLine(line.Name, line.IsInput, line.Active, !line.IsInput && _tick - last.Item3 < window);
        }
        return looked;
    }
}
