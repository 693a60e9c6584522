using Inspection.Core;
using Inspection.Gpio;
using Inspection.Mqtt;
using Inspection.Store;
using Inspection.Vision;

namespace Inspection.Station.Settings;

/// <summary>
/// <c>station.json</c>: how this station is set up. Immutable; each section belongs to the part that it configures.
/// Without the file the defaults hold: the simulated line on the simulated chip. With it, <c>source</c> and
/// <c>gpio.chip</c> must be named, so that nothing is simulated by accident.
/// </summary>
public sealed record StationSettings
{
    /// <summary>The schema that this program writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Version of the file's shape.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Where frames come from: simulated, folder:PATH or video:PATH. Default the simulated line.</summary>
    public string Source { get; init; } = "simulated";

    /// <summary>NAME or NAME@REVISION of the recipe that judges. Default the demonstration's.</summary>
    public string Recipe { get; init; } = "demo-part";

    /// <summary>The page.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>The broker and the topics.</summary>
    public MqttOptions Mqtt { get; init; } = new();

    /// <summary>The chip and its lines.</summary>
    public GpioOptions Gpio { get; init; } = new();

    /// <summary>The ledger and the pictures.</summary>
    public StoreOptions Store { get; init; } = new();

    /// <summary>The simulated line.</summary>
    public SimulatedOptions Simulated { get; init; } = new();

    /// <summary>Folder and video.</summary>
    public ReplayOptions Replay { get; init; } = new();

    /// <summary>The channel between source and loop.</summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>The interlock.</summary>
    public InterlockOptions Interlock { get; init; } = new();

    /// <summary>True when no real part or no real relay stands behind what is told; until cameras come, every source is simulated.</summary>
    public bool IsSimulated => Gpio.IsSimulated || SourceRules.Parse(Source) is not null;

    /// <summary>All that is out of range, in every section.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (Schema != CurrentSchema) yield return new("schema", $"found {Schema}", $"{CurrentSchema}");
        if (SourceRules.Error(Source) is { } source) yield return source;
        if (RecipeChoice.Parse(Recipe) is null) yield return new("recipe", $"found '{Recipe}'", RecipeChoice.Allowed);
        IEnumerable<SettingError>[] sections =
        [
            Http.Errors(), Mqtt.Errors(), Gpio.Errors(), Store.Errors(), Simulated.Errors(), Replay.Errors(), Capture.Errors(), Interlock.Errors(),
        ];
        foreach (var error in sections.SelectMany(errors => errors)) yield return error;
    }
}
