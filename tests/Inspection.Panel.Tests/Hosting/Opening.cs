using Inspection.Panel.Tests.Hosting;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Inspection.Panel.Tests.Hosting;

internal static class Opening
{
    /// <summary>Opens the page of a station without camera and chip.</summary>
    public static Task<Browser> Open(this Chromium chromium, TestStation station, int width = 1280, int height = 800, string language = "en-GB")
        => chromium.Open(station.Address, width, height, language);
}
