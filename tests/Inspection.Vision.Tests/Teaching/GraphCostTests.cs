namespace Inspection.Vision.Tests.Teaching;

public sealed class GraphCostTests
{
    [Theory, InlineData(TeachPrecision.Full), InlineData(TeachPrecision.Quantised)]
    public void A_taught_graph_is_timed_beside_the_bare_backbone_of_its_precision(TeachPrecision precision)
    {
        using var folder = new TeachingFolder().With(8);
        var taught = TeachingFolder.Taught(folder.Request() with { Precision = precision });
        var size = new InputSize(taught.Card.Input!.Width!.Value, taught.Card.Input.Height!.Value);
        var cost = GraphCost.Measure(Path.Combine(taught.Folder, "model.onnx"), TeachingFolder.Backbone, size, taught.Card).Value.ShouldNotBeNull();
        cost.Graph.ShouldBeGreaterThan(0);
        cost.Backbone.ShouldBeGreaterThan(0);
        cost.Ratio.ShouldBe(Math.Round(cost.Graph / cost.Backbone, 4));
    }

    [Fact]
    public void A_missing_backbone_and_another_one_are_told()
    {
        var card = new ModelCard { Name = "part", Version = 1, Kind = ModelKind.Taught, Threshold = 1, Taught = new TaughtCard("net", "another", 5, 10, 1) };
        GraphCost.Measure("model.onnx", "nowhere", new InputSize(64, 64), card).Failure.ShouldNotBeNull().Code.ShouldBe("backbone-missing");
        GraphCost.Measure("model.onnx", TeachingFolder.Backbone, new InputSize(64, 64), card).Failure.ShouldNotBeNull().Code.ShouldBe("backbone-other");
    }
}
