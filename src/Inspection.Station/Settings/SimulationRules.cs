using Inspection.Core;
using Inspection.Station.Hosting;

namespace Inspection.Station.Settings;

/// <summary>Nothing is simulated by accident, and nothing simulated acts on a plant by accident.</summary>
internal static class SimulationRules
{
    /// <summary>All that is refused without <c>--allow-simulated</c>, and what cannot be played once.</summary>
    public static IEnumerable<SettingError> Errors(StationSettings settings, RunRequest request)
    {
        if (SourceChoice.Parse(settings.Source) is not { } source) yield break;
        if (request.Once && !source.HasAnEnd) yield return new("--once", $"the source is {source}, which has no end", "folder:PATH or video:PATH");
    }
}
