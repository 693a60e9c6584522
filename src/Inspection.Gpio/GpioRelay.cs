using System.Runtime.ExceptionServices;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// The station's relay, its contact, its gate and its lines to the plant, each level read back after it was written. Called under the
/// interlock's lock; a write allocates nothing.
/// </summary>
public sealed class GpioRelay : IRelay
{
    private readonly WatchdogRelay _relay;
    private readonly DeviceOutput _pass;
    private readonly FeedbackContact? _feedback;
    private readonly DivertGate? _gate;
    private readonly DeviceOutput?[] _lines;

    /// <param name="relay">The relay.</param>
    /// <param name="pass">The pass line.</param>
    /// <param name="feedback">Null where none is wired.</param>
    /// <param name="gate">Null where none is wired.</param>
    /// <param name="plant"><c>ready</c>, <c>busy</c> and <c>valid</c>; null where they are not wired.</param>
    internal GpioRelay(
        WatchdogRelay relay, DeviceOutput pass, FeedbackContact? feedback, DivertGate? gate = null, (DeviceOutput? Ready, DeviceOutput? Busy, DeviceOutput? Valid) plant = default)
    {
        (_relay, _pass, _feedback, _gate) = (relay, pass, feedback, gate);
        _lines = new DeviceOutput?[Enum.GetValues<PlantLine>().Length];
        (_lines[(int)PlantLine.Ready], _lines[(int)PlantLine.Busy], _lines[(int)PlantLine.Valid]) = plant;
    }

    /// <inheritdoc />
    public bool? PulledIn => _feedback?.IsPulledIn();

    /// <inheritdoc />
    public void Energize() => _relay.Energize();

    /// <inheritdoc />
    public void DeEnergize()
    {
        IOException? failed = null;
        try
        {
            _relay.DeEnergize();
        }
        catch (IOException e)
        {
            failed = e;
        }
        // Each is tried, the gate first: it may be open for a part at this moment.
        if (_gate?.TryDivert() is { } gate) failed ??= gate;
        if (_pass.TryWrite(false) is { } pass) failed ??= pass;
        foreach (var line in _lines)
            if (line?.TryWrite(false) is { } refused) failed ??= refused;
        if (failed is not null) ExceptionDispatchInfo.Throw(failed);
    }

    /// <inheritdoc />
    public void Beat() => _relay.Beat();

    /// <inheritdoc />
    public void SetPass(bool active) => _pass.Write(active);

    /// <inheritdoc />
    public bool Has(PlantLine line) => line == PlantLine.Gate ? _gate is not null : _lines[(int)line] is not null;

    /// <inheritdoc />
    public void Set(PlantLine line, bool active)
    {
        if (line != PlantLine.Gate) _lines[(int)line]?.Write(active);
        else if (active) _gate?.LetThrough();
        else _gate?.Divert();
    }
}
