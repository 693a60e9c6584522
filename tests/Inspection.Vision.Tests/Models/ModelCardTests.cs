using System.Text;
using Inspection.Core;

namespace Inspection.Vision.Tests;

public sealed class ModelCardTests
{
    [Fact]
    public void A_full_card_survives_writing_and_reading()
    {
        var card = new ModelCard
        {
            Schema = 1,
            Name = "demo-part",
            Version = 3,
            Kind = ModelKind.Taught,
            File = "model.onnx",
            Sha256 = new string('a', 64),
            Precision = ModelPrecision.Full,
            Input = new ModelInput { Name = "image", Width = 256, Height = 128, Resize = ModelResize.Linear },
            Outputs = new ModelOutputs { Score = "score", Map = "anomaly_map", Nearest = "nearest" },
            Threshold = 1.25f,
            Bound = new ThresholdBound(0.01, 0.95, 60, "At most 1 % of good parts are rejected."),
            Parity = new ModelParity(0.001, [new ParityVector(1, 0.5f)]),
            Taught = new TaughtCard("net", new string('b', 64), 60, 1000, 7),
        };
        card.Errors().ShouldBeEmpty();
        var json = card.ToJson();
        json.ShouldContain("\"precision\": \"float32\"");
        json.ShouldContain("\"resize\": \"linear\"");
        ModelCard.Parse(Encoding.UTF8.GetBytes(json), "card").Value!.ToJson().ShouldBe(json);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_what_is_allowed()
    {
        var errors = Parse("""
            { "name": "Ärger", "version": -1, "file": "../model.onnx", "sha256": "AB", "input": { "width": 9 },
              "parity": { "tolerance": 0.5, "vectors": [] } }
            """).Value!.Errors();
        errors.Select(e => e.Name).ShouldBe([
            "model.schema", "model.name", "model.version", "model.kind", "model.threshold", "model.file", "model.sha256",
            "model.input.width", "model.parity.tolerance", "model.parity.vectors"]);
        errors.Single(e => e.Name == "model.threshold").Allowed.ShouldContain("0.5 where the export normalises its scores");
        errors.Single(e => e.Name == "model.kind").Allowed.ShouldBe("taught, anomalib");
    }

    [Theory]
    [InlineData("", "model-card-invalid")]
    [InlineData("null", "model-card-invalid")]
    [InlineData("{ \"schema\": 1, \"colour\": 3 }", "model-card-invalid")]
    [InlineData("{ \"schema\": 1, \"schema\": 1 }", "model-card-invalid")]
    [InlineData("{ \"schema\": 1, \"kind\": \"keras\" }", "model-card-invalid")]
    [InlineData("{ \"schema\": 1, \"threshold\": \"0.5\" }", "model-card-invalid")]
    [InlineData("{ \"schema\": 1, \"name\": null }", "model-card-invalid")]
    [InlineData("{ \"schema\": 1, \"parity\": { \"tolerance\": 0.001 } }", "model-card-invalid")]
    [InlineData("{ \"schema\": 2 }", "model-card-newer")]
    public void A_file_that_is_no_card_is_refused_with_its_path(string json, string code)
    {
        var failure = Parse(json).Failure.ShouldNotBeNull();
        failure.Code.ShouldBe(code);
        failure.Message.ShouldStartWith("folder/model.json");
    }

    [Fact]
    public void A_huge_card_is_not_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, new string(' ', 2_000_000));
            ModelCard.Read(path).Failure.ShouldNotBeNull().Message.ShouldContain("at most");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_parity_input_is_what_its_formula_says_and_no_two_are_alike()
    {
        var image = new float[3 * 5 * 7];
        ParityInput.Fill(image, seed: 1, width: 7, height: 5);
        image.ShouldAllBe(v => v >= 0 && v <= 1);
        // Recomputed by hand from the documented formula; a change here breaks every card that was ever written.
        image[0].ShouldBe(Expected(1, 0, 0, 0));
        image[(2 * 35) + (4 * 7) + 6].ShouldBe(Expected(1, 2, 4, 6));
        var other = new float[image.Length];
        ParityInput.Fill(other, seed: 2, width: 7, height: 5);
        other.ShouldNotBe(image);
    }

    private static float Expected(uint seed, uint c, uint y, uint x)
        => ((4 * Top(seed, c, y / 32, x / 32)) + (3 * Top(seed, c + 3, y / 4, x / 4)) + Top(seed, c + 6, y, x)) / 2040f;

    private static uint Top(uint seed, uint k, uint y, uint x)
    {
        var v = (ulong)seed * 2654435761UL + (ulong)k * 2246822519UL + (ulong)y * 3266489917UL + (ulong)x * 668265263UL;
        v &= 0xFFFFFFFF;
        v ^= v >> 15;
        v = v * 0x2C1B3C6D & 0xFFFFFFFF;
        v ^= v >> 12;
        v = v * 0x297A2D39 & 0xFFFFFFFF;
        v ^= v >> 15;
        return (uint)(v >> 24);
    }

    private static Outcome<ModelCard> Parse(string json) => ModelCard.Parse(Encoding.UTF8.GetBytes(json), "folder/model.json");
}
