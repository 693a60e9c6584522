using System.Runtime.ExceptionServices;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// The station's outputs on a chip, each level read back after it was written. Called under the interlock's lock; a
/// write allocates nothing.
/// </summary>
public sealed class GpioRelay : IRelay
{
    private readonly LineDriver _chip;
    private readonly Pin _enable;
    private readonly Pin _heartbeat;
    private readonly Pin _pass;
    private readonly Pin? _feedback;
    private bool _beat;

    internal GpioRelay(LineDriver chip, PinMap map)
        => (_chip, _enable, _heartbeat, _pass, _feedback)
            = (chip, map[LineNames.RelayEnable], map[LineNames.Heartbeat], map[LineNames.Pass], map.Find(LineNames.RelayFeedback));

    /// <inheritdoc />
    public bool? PulledIn => _feedback is { } pin ? pin.IsActive(_chip.Get(pin.Line)) : null;

    /// <inheritdoc />
    public void Energize() => Write(_enable, true);

    /// <inheritdoc />
    public void DeEnergize()
    {
        _beat = false;
        var failed = TryClear(_enable, null);
        failed = TryClear(_heartbeat, failed);
        failed = TryClear(_pass, failed);
        if (failed is not null) ExceptionDispatchInfo.Throw(failed);
    }

    /// <inheritdoc />
    public void Beat() => Write(_heartbeat, _beat = !_beat);

    /// <inheritdoc />
    public void SetPass(bool active) => Write(_pass, active);

    private IOException? TryClear(Pin pin, IOException? before)
    {
        try
        {
            Write(pin, false);
            return before;
        }
        catch (IOException e)
        {
            return before ?? e;
        }
    }

    private void Write(Pin pin, bool active)
    {
        var level = pin.LevelOf(active);
        _chip.Set(pin.Line, level);
        if (_chip.Get(pin.Line) != level)
            throw new OutputReadbackException($"line {pin.Line} ({pin.Name}) was written {Name(level)} and reads {Name(!level)}");
    }

    private static string Name(bool level) => level ? "high" : "low";
}
