using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Settings of the simulated line.</summary>
public sealed record SimulatedOptions
{
    internal const double UsualLightDrift = 0.03, UsualTurn = 2;

    /// <summary>Greatest <see cref="Turn"/>.</summary>
    internal const int MostTurn = 20;

    /// <summary>Width of a frame, 160–4096 pixels. Default 640.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Height of a frame, 120–4096 pixels. Default 480.</summary>
    public int Height { get; init; } = 480;

    /// <summary>Parts a second, 0.1–100. Default 2.</summary>
    public double PartsPerSecond { get; init; } = 2;

    /// <summary>Share of parts with a defect, 0–1. Default 0.06.</summary>
    public double DefectShare { get; init; } = 0.06;

    /// <summary>
    /// How far the light drifts up and down within 600 parts, as a share of its brightness, 0 (not at all)–0.5. Default 0.03.
    /// Without drift all parts are drawn alike and independently, which is what a taught threshold's bound speaks of.
    /// </summary>
    public double LightDrift { get; init; } = UsualLightDrift;

    /// <summary>
    /// How far parts lie askew: turned by up to so many degrees to either side, 0–20, and shifted by up to 2.5 times as many
    /// 640ths of the frame's width to either side, and 2 times as many up and down. Default 2; beyond about 15 some reach out of the frame.
    /// </summary>
    public double Turn { get; init; } = UsualTurn;

    /// <summary>
    /// Any number; the same seed gives the same parts. Default 6: with the default share its first defect is part 9, and
    /// among its first 200,000 parts no five in a row are defective, which would stop the demonstration.
    /// </summary>
    public int Seed { get; init; } = 6;

    /// <summary>All that is out of range.</summary>
    public IEnumerable<SettingError> Errors()
    {
        if (Width is < 160 or > 4096) yield return new("simulated.width", $"found {Width}", "160–4096 pixels");
        if (Height is < 120 or > 4096) yield return new("simulated.height", $"found {Height}", "120–4096 pixels");
        if (!(PartsPerSecond is >= 0.1 and <= 100)) yield return new("simulated.partsPerSecond", $"found {PartsPerSecond}", "0.1–100 parts a second");
        if (!(DefectShare is >= 0 and <= 1)) yield return new("simulated.defectShare", $"found {DefectShare}", "0–1");
        if (!(Turn is >= 0 and <= MostTurn)) yield return new("simulated.turn", $"found {Turn}", $"0–{MostTurn} degrees");
        if (!(LightDrift is >= 0 and <= 0.5)) yield return new("simulated.lightDrift", $"found {LightDrift}", "0–0.5");
    }
}
