using System.Text.Json;
using Inspection.Core;
using Inspection.Store;
using Inspection.Testing;
using Inspection.Vision.Tests;
using OpenCvSharp;

namespace Inspection.Station.Tests;

/// <summary>A whole station's surroundings: a data folder, a small real model, free ports, photos.</summary>
internal sealed class StationBox : IDisposable
{
    public StationBox(float threshold = 0.99f)
    {
        Root = Directory.CreateTempSubdirectory("inspection-station-").FullName;
        Data = Path.Combine(Root, "var");
        Model = Path.Combine(Root, "model");
        Photos = Path.Combine(Root, "photos");
        foreach (var folder in (string[])[Data, Model, Photos]) Directory.CreateDirectory(folder);
        new TinyModel().Write(Path.Combine(Model, "model.onnx"));
        WriteCard(threshold);
        (Http, Mqtt) = (Loopback.FreePort(), Loopback.FreePort());
    }

    public string Root { get; }

    public string Data { get; }

    public string Model { get; }

    public string Photos { get; }

    public int Http { get; }

    public int Mqtt { get; }

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    public void WriteCard(float threshold, string more = "", int version = 1)
        => File.WriteAllText(Path.Combine(Model, "model.json"),
            FormattableString.Invariant($$"""{ "schema": 1, "name": "tiny", "version": {{version}}, "kind": "anomalib", "threshold": {{threshold}}{{more}} }"""));

    /// <summary>The arguments of <c>run</c> with this box's folder, model and ports.</summary>
    public string[] Run(params string[] more)
        => ["run", "--data", Data, "--model", Model, "--http-port", $"{Http}", "--mqtt-port", $"{Mqtt}", .. more];

    /// <summary>The arguments of <c>run</c> with this box's folder and ports, and the model that the station has by itself.</summary>
    public string[] RunWithoutModel(params string[] more)
        => ["run", "--data", Data, "--http-port", $"{Http}", "--mqtt-port", $"{Mqtt}", .. more];

    /// <summary>Settings of a quick simulated line.</summary>
    /// <param name="partsPerSecond">How quick.</param>
    /// <param name="more">More sections, each with a comma before it; patient ones let a busy machine miss a turn.</param>
    public void SimulateAt(int partsPerSecond, string more = "")
        => File.WriteAllText(Path.Combine(Data, "station.json"),
            $$"""{ "source": "simulated", "gpio": { "chip": "simulated" }, "simulated": { "width": 160, "height": 120, "partsPerSecond": {{partsPerSecond}} }{{more}} }""");

    /// <summary>Limits of loop and camera that a machine busy with other things keeps, for <see cref="SimulateAt"/>.</summary>
    public const string Patient = """, "interlock": { "loopDeadline": "1 s" }, "capture": { "lostAfter": "20 s" }""";

    /// <summary>Writes a video of the photos.</summary>
    /// <returns>Its path.</returns>
    public string WriteVideo()
    {
        var path = Path.Combine(Root, "film.avi");
        using var film = new VideoWriter(path, FourCC.MJPG, 10, new Size(64, 48));
        foreach (var photo in Directory.GetFiles(Photos).Order())
        {
            using var pixels = Cv2.ImRead(photo);
            film.Write(pixels);
        }
        return path;
    }

    /// <summary>Writes photos that the small model scores by their brightness.</summary>
    public void WritePhotos(int count, int brightness = 120)
    {
        var random = new Random(7);
        for (var i = 0; i < count; i++)
        {
            var pixels = new byte[48 * 64 * 3];
            for (var p = 0; p < pixels.Length; p++) pixels[p] = (byte)Math.Clamp(brightness + random.Next(-60, 60), 0, 255);
            using var photo = Mat.FromPixelData(48, 64, MatType.CV_8UC3, pixels);
            Cv2.ImWrite(Path.Combine(Photos, $"photo{i:D3}.png"), photo).ShouldBeTrue();
        }
    }

    /// <summary>Judges the photos once, with a subscriber that acknowledges at once: without one the end waits 10 s for a first.</summary>
    /// <param name="run">The command: <see cref="Run"/> or <see cref="RunWithoutModel"/>.</param>
    public async Task PlayOnceAsync(string[] run)
    {
        await using var station = StationProcess.Start([.. run, "--source", "folder:" + Photos, "--once"]);
        await station.ReadyAsync();
        await using var subscriber = new MosquittoSub(Mqtt, "mes");
        (await station.ExitAsync()).ShouldBe(0, station.Said);
    }

    /// <summary>All inspections of the ledger, oldest first, as their bodies' exact text.</summary>
    public IReadOnlyList<string> Verdicts()
    {
        var archive = new LedgerArchive(DataFolder.LedgerOf(Data));
        var bodies = new List<string>();
        EntryPlace? before = null;
        do
        {
            var page = archive.Query(new LedgerQuery { Kind = EntryKind.Inspection, Max = 1000, Before = before });
            bodies.AddRange(page.Rows.Select(r => System.Text.Encoding.UTF8.GetString(r.Body.Span)));
            before = page.Next;
        }
        while (before is not null);
        bodies.Reverse();
        return bodies;
    }

    public LedgerVerification Verify() => new LedgerArchive(DataFolder.LedgerOf(Data)).Verify();

    public static long Sequence(string body) => Member(body, "sequence").GetInt64();

    public static JsonElement Member(string body, string name) => JsonElement.Parse(body).GetProperty(name);

    private static string FindRepository([System.Runtime.CompilerServices.CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    public void Dispose() => Directory.Delete(Root, true);
}
