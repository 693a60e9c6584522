using System.Collections.Concurrent;
using Inspection.Core;

namespace Inspection.Panel.Feed;

/// <summary>The simulation's inputs and faults as people set them; one state for all browsers.</summary>
internal sealed class SimulationSwitches(PanelContext context)
{
    private readonly ConcurrentDictionary<string, bool> _faults = [];

    /// <summary>Whether a fault was commanded and not ended.</summary>
    public bool IsOn(string fault) => _faults.GetValueOrDefault(fault);

    /// <summary>Makes a fault, or ends it.</summary>
    public void Toggle(string fault, Who who)
    {
        if (context.Simulation is not { } simulation || !simulation.Faults.Contains(fault)) return;
        var on = _faults.AddOrUpdate(fault, true, (_, was) => !was);
        simulation.Command(fault, on);
        Audit(who, fault, on);
    }

    /// <summary>Sets a simulated input.</summary>
    public void SetInput(string line, bool active, Who who)
    {
        if (context.Simulation is not { } simulation) return;
        simulation.SetInput(line, active);
        Audit(who, line, active);
    }

    private void Audit(Who who, string what, bool on)
        => context.Audit(new AuditEntry(context.Time, context.Simulated, who, "simulation", $"{what} {(on ? "active" : "inactive")}"));
}
