using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>Whether the belt moves, and whether the cabinet's bridge is closed, where these are wired.</summary>
internal sealed class BeltInputs(GpioLines lines, Interlock interlock, BeltWatch belt, CabinetBridge bridge)
{
    private readonly Pin? _beltPin = lines.Map.Find(LineNames.LineRunning);
    private readonly Pin? _bridgePin = lines.Map.Find(LineNames.Bridge);
    private bool _moves;
    private bool _pulsed;
    private bool _bridged;

    /// <summary>Reads.</summary>
    /// <param name="edges">Room for edges.</param>
    /// <exception cref="IOException">The chip refused.</exception>
    public void Read(Span<LineEdge> edges)
    {
        if (_beltPin is not null) (_pulsed, _moves) = (lines.TakeEdges(_beltPin, edges) > 0, lines.IsActive(_beltPin));
        if (_bridgePin is not null) _bridged = lines.IsActive(_bridgePin);
    }

    /// <summary>Tells what was read last.</summary>
    public void Tell()
    {
        if (_bridgePin is not null) bridge.See(_bridged);
        if (_beltPin is not null) belt.See(_moves, _pulsed, bridge.IsClosed || interlock.State is InterlockState.Running or InterlockState.Bypassed);
    }
}
