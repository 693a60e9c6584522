using System.Text.Json.Nodes;
using Inspection.Core;

namespace Inspection.Vision.Tests;

public sealed class ModelFolderTests
{
    [Fact]
    public void Five_lines_suffice_for_a_foreign_model_and_what_was_found_is_pinned()
    {
        using var files = new TemporaryModel(new TinyModel());
        using (var first = files.Accepted())
        {
            first.AcceptedNow.ShouldBeTrue();
            first.Card.Input.ShouldBe(new ModelInput { Name = "input", Width = 32, Height = 32 });
            first.Card.Outputs.ShouldBe(new ModelOutputs { Score = "pred_score", Map = "anomaly_map", MapWidth = 32, MapHeight = 32 });
            first.Card.Parity!.Vectors.Count.ShouldBe(3);
            first.Identity.Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(files.PathOf("model.onnx")))));
        }
        File.ReadAllText(files.PathOf("model.json")).ShouldBe(TemporaryModel.FiveLines, "a person's file is not rewritten");

        using var second = files.Accepted();
        second.AcceptedNow.ShouldBeFalse();
        second.Card.Sha256.ShouldNotBeNull();
    }

    [Fact]
    public void A_pinned_model_whose_file_changed_is_refused_with_the_way_to_accept_it()
    {
        using var files = new TemporaryModel(new TinyModel());
        files.Accepted().Dispose();
        new TinyModel { Gain = 0.5f }.Write(files.PathOf("model.onnx"));
        var refusal = files.Refusal();
        refusal.Code.ShouldBe("model-hash");
        refusal.Message.ShouldContain("pinned.json");
        File.Delete(files.PathOf("pinned.json"));
        files.Accepted().Dispose();
    }

    [Fact]
    public void The_only_onnx_file_of_a_folder_is_found_whatever_its_name()
    {
        using var files = new TemporaryModel(new TinyModel(), file: "patchcore-v2.onnx");
        using var model = files.Accepted();
        model.Card.File.ShouldBe("patchcore-v2.onnx");
    }

    [Fact]
    public void Two_onnx_files_without_a_named_one_are_refused()
    {
        using var files = new TemporaryModel(new TinyModel(), file: "a.onnx");
        new TinyModel().Write(files.PathOf("b.onnx"));
        files.Refusal().Message.ShouldContain("name the one that judges");
    }

    [Fact]
    public void A_batch_fixed_at_two_is_fed_twice_and_its_first_row_counts()
    {
        using var one = new TemporaryModel(new TinyModel());
        using var two = new TemporaryModel(new TinyModel { Batch = 2, ScoreIsColumn = true });
        using var expected = one.Accepted();
        using var model = two.Accepted();
        model.Card.Parity!.Vectors.ShouldBe(expected.Card.Parity!.Vectors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_score_works_as_a_row_and_as_a_column_with_a_dynamic_batch(bool column)
    {
        using var files = new TemporaryModel(new TinyModel { Batch = null, ScoreIsColumn = column });
        using var model = files.Accepted();
        model.Session.MapWidth.ShouldBe(32);
    }

    [Fact]
    public void A_bare_export_without_labels_and_one_without_a_map_work()
    {
        using var bare = new TemporaryModel(new TinyModel { WithLabels = false });
        bare.Accepted().Dispose();
        using var mapless = new TemporaryModel(new TinyModel { WithLabels = false, WithMap = false });
        using var model = mapless.Accepted();
        model.Session.MapWidth.ShouldBe(0);
        model.Card.Outputs!.Map.ShouldBeNull();
    }

    [Fact]
    public void An_open_size_is_refused_until_model_json_names_it()
    {
        var tiny = new TinyModel { Height = null, Width = null };
        using var files = new TemporaryModel(tiny);
        var refusal = files.Refusal();
        refusal.Code.ShouldBe("model-shape");
        refusal.Message.ShouldContain("[1, 3, height, width]");
        refusal.Message.ShouldContain("\"input\": { \"width\": …, \"height\": … }");

        using var sized = new TemporaryModel(tiny, Card(c => c["input"] = new JsonObject { ["width"] = 64, ["height"] = 48 }));
        using var model = sized.Accepted();
        (model.Session.Width, model.Session.Height).ShouldBe((64, 48));
        (model.Session.MapWidth, model.Session.MapHeight).ShouldBe((64, 48));
    }

    [Fact]
    public void A_size_that_contradicts_the_file_is_refused_with_both()
    {
        using var files = new TemporaryModel(new TinyModel(), Card(c => c["input"] = new JsonObject { ["width"] = 64 }));
        var message = files.Refusal().Message;
        message.ShouldContain("has width 32");
        message.ShouldContain("expected is width 64");
    }

    [Fact]
    public void Names_that_do_not_fit_are_refused_with_those_that_the_file_has()
    {
        using var score = new TemporaryModel(new TinyModel { ScoreName = "output" });
        score.Refusal().Message.ShouldContain("'output' float32 [1]");
        using var named = new TemporaryModel(new TinyModel { ScoreName = "output" }, Card(c => c["outputs"] = new JsonObject { ["score"] = "output" }));
        named.Accepted().Dispose();
        using var input = new TemporaryModel(new TinyModel(), Card(c => c["input"] = new JsonObject { ["name"] = "image" }));
        input.Refusal().Message.ShouldContain("'input' float32 [1, 3, 32, 32]");
        using var map = new TemporaryModel(new TinyModel(), Card(c => c["outputs"] = new JsonObject { ["map"] = "heat" }));
        map.Refusal().Message.ShouldContain("'anomaly_map'");
        using var boolean = new TemporaryModel(new TinyModel(), Card(c => c["outputs"] = new JsonObject { ["score"] = "pred_label" }));
        boolean.Refusal().Message.ShouldContain("Export it in float32");
    }

    [Fact]
    public void An_input_that_is_not_three_float_planes_is_refused()
    {
        using var bytes = new TemporaryModel(new TinyModel { InputType = Onnx.TensorProto.Types.DataType.Uint8 });
        bytes.Refusal().Message.ShouldContain("uint8 [1, 3, 32, 32]; expected is float32 [batch, 3, height, width]");
        using var grey = new TemporaryModel(new TinyModel { Channels = 1 });
        grey.Refusal().Message.ShouldContain("[1, 1, 32, 32]");
        using var batch = new TemporaryModel(new TinyModel { Batch = 16 });
        batch.Refusal().Message.ShouldContain("fixed batch of 16");
    }

    [Fact]
    public void A_score_for_each_row_and_column_is_refused_with_its_shape()
    {
        using var files = new TemporaryModel(new TinyModel(), Card(c => c["outputs"] = new JsonObject { ["score"] = "anomaly_map" }));
        files.Refusal().Message.ShouldContain("came out as [1, 1, 32, 32]; expected is [1] or [1, 1]");
    }

    [Fact]
    public void External_data_beside_the_model_works_and_is_covered_by_the_hash()
    {
        using var files = new TemporaryModel(new TinyModel { ExternalFile = "model.onnx.data" });
        files.Accepted().Dispose();
        File.WriteAllBytes(files.PathOf("model.onnx.data"), BitConverter.GetBytes(0.75f));
        files.Refusal().Code.ShouldBe("model-hash");
        File.Delete(files.PathOf("model.onnx.data"));
        var gone = files.Refusal();
        gone.Code.ShouldBe("model-external-data");
        gone.Message.ShouldContain("external_data=False");
    }

    [Theory]
    [InlineData("../secret.data")]
    [InlineData("/etc/hostname")]
    [InlineData("sub/model.onnx.data")]
    [InlineData("..")]
    public void External_data_elsewhere_is_refused(string place)
    {
        using var files = new TemporaryModel(new TinyModel { ExternalFile = place });
        var refusal = files.Refusal();
        refusal.Code.ShouldBe("model-external-data");
        refusal.Message.ShouldContain("not a plain file name");
    }

    [Fact]
    public void External_data_behind_a_link_out_of_the_folder_is_refused()
    {
        using var files = new TemporaryModel(new TinyModel { ExternalFile = "weights.data" });
        using var elsewhere = new TemporaryModel(card: null);
        File.Move(files.PathOf("weights.data"), elsewhere.PathOf("weights.data"));
        File.CreateSymbolicLink(files.PathOf("weights.data"), elsewhere.PathOf("weights.data"));
        files.Refusal().Message.ShouldContain("a link that leaves its folder");
    }

    [Fact]
    public void A_threshold_that_clipped_scores_can_never_exceed_is_refused()
    {
        using var files = new TemporaryModel(new TinyModel { ClipAt = 1 }, Card(c => c["threshold"] = 1));
        var refusal = files.Refusal();
        refusal.Code.ShouldBe("model-threshold");
        refusal.Message.ShouldContain("0.5");
        using var reachable = new TemporaryModel(new TinyModel { ClipAt = 1 });
        using var model = reachable.Accepted();
        model.ScoreLimit.ShouldBe(1);
    }

    [Fact]
    public void A_score_at_the_end_of_a_clipped_range_is_no_parity_vector_where_others_can_be_had()
    {
        float[] scores;
        using (var open = new TemporaryModel(new TinyModel()))
        using (var unclipped = open.Accepted()) scores = [.. unclipped.Card.Parity!.Vectors.Select(v => v.Score)];
        var limit = scores.Order().ElementAt(1);
        using var files = new TemporaryModel(new TinyModel { ClipAt = limit }, Card(c => c["threshold"] = 0.1));
        using var model = files.Accepted();
        model.Card.Parity!.Vectors.ShouldAllBe(v => v.Score < limit);
        model.Card.Parity.Vectors.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_score_that_moved_by_more_than_the_tolerance_is_refused_and_within_it_is_not()
    {
        using var files = new TemporaryModel(new TinyModel());
        files.Accepted().Dispose();
        Shift(0.0004f);
        files.Accepted().Dispose();
        Shift(0.0002f);
        var refusal = files.Refusal();
        refusal.Code.ShouldBe("model-parity");
        refusal.Message.ShouldContain("parity input 2");

        void Shift(float by)
        {
            var pin = JsonNode.Parse(File.ReadAllText(files.PathOf("pinned.json")))!;
            var vector = pin["parity"]!["vectors"]![1]!;
            vector["score"] = vector["score"]!.GetValue<float>() + by;
            File.WriteAllText(files.PathOf("pinned.json"), pin.ToJsonString());
        }
    }

    [Fact]
    public void An_INT8_model_may_differ_by_two_hundredths_of_the_threshold_and_a_float_model_may_not()
    {
        var card = Card(c =>
        {
            c["precision"] = "int8";
            c["parity"] = JsonNode.Parse("""{ "tolerance": 0.02, "vectors": [] }""");
        });
        float score;
        using (var measured = new TemporaryModel(new TinyModel()))
        using (var model = measured.Accepted()) score = model.Card.Parity!.Vectors[0].Score;
        using var quantised = new TemporaryModel(new TinyModel(), WithVector(card, score + 0.009f));
        quantised.Accepted().Dispose();
        using var single = new TemporaryModel(new TinyModel(), WithVector(card, score + 0.009f).Replace("int8", "float32", StringComparison.Ordinal));
        single.Accepted().Dispose();
        single.Refusal().Code.ShouldBe("model-parity");

        static string WithVector(string card, float score)
        {
            var node = JsonNode.Parse(card)!;
            node["parity"]!["vectors"]!.AsArray().Add(new JsonObject { ["seed"] = 1, ["score"] = score });
            return node.ToJsonString();
        }
    }

    [Fact]
    public void A_folder_a_card_or_a_file_that_is_not_there_is_said_with_what_to_do()
    {
        var nowhere = ModelFolder.Load("/nowhere/at/all").Failure.ShouldNotBeNull();
        nowhere.Code.ShouldBe("model-folder-missing");
        using var cardless = new TemporaryModel(new TinyModel(), card: null);
        cardless.Refusal().Code.ShouldBe("model-card-missing");
        using var fileless = new TemporaryModel();
        fileless.Refusal().Code.ShouldBe("model-file-missing");
        using var named = new TemporaryModel(new TinyModel(), Card(c => c["file"] = "other.onnx"));
        named.Refusal().Message.ShouldContain("other.onnx");
    }

    [Fact]
    public void A_truncated_an_empty_and_a_foreign_file_are_told_apart_from_a_model()
    {
        using var files = new TemporaryModel(new TinyModel());
        var path = files.PathOf("model.onnx");
        var whole = File.ReadAllBytes(path);
        for (var length = 1; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            files.Refusal().Code.ShouldBeOneOf("model-not-onnx", "model-refused");
        }
        File.WriteAllBytes(path, []);
        files.Refusal().Message.ShouldContain("is empty");
        File.WriteAllText(path, "This is a shopping list, not a network.");
        files.Refusal().Code.ShouldBe("model-not-onnx");
    }

    [Fact]
    public void A_taught_model_with_an_incomplete_card_is_refused_with_what_is_missing()
    {
        using var files = new TemporaryModel(new TinyModel { ScoreName = "score" }, Card(c => c["kind"] = "taught"));
        var refusal = files.Refusal();
        refusal.Code.ShouldBe("model-card-incomplete");
        refusal.Message.ShouldContain("file, sha256, precision, input, outputs, parity");
        File.Exists(files.PathOf("pinned.json")).ShouldBeFalse();
    }

    [Fact]
    public void A_card_completed_from_its_file_loads_without_a_pin()
    {
        using var files = new TemporaryModel(new TinyModel { ScoreName = "score" }, card: null);
        var card = new ModelCard { Schema = 1, Name = "taught-here", Version = 2, Kind = ModelKind.Taught, Threshold = 0.5f };
        var complete = ModelFolder.Complete(files.Folder, card);
        complete.Failure.ShouldBeNull();
        File.WriteAllText(files.PathOf("model.json"), complete.Value!.ToJson());
        using var model = files.Accepted();
        model.AcceptedNow.ShouldBeFalse();
        model.Identity.ShouldBe(new ModelIdentity("taught-here", 2, complete.Value.Sha256!));
        File.Exists(files.PathOf("pinned.json")).ShouldBeFalse();
    }

    [Fact]
    public void A_map_of_another_shape_than_the_card_s_and_a_normalisation_outside_the_model_are_refused()
    {
        using var other = new TemporaryModel(new TinyModel(), Card(c => c["outputs"] = new JsonObject { ["mapWidth"] = 16, ["mapHeight"] = 32 }));
        var refusal = other.Refusal();
        refusal.Code.ShouldBe("model-shape");
        refusal.Message.ShouldContain("32 × 32, the card says 16 × 32");
        using var outside = new TemporaryModel(new TinyModel(), Card(c => c["input"] = new JsonObject { ["normalisation"] = "outside" }));
        outside.Refusal().Message.ShouldContain("model.input.normalisation");
    }

    internal static string Card(Action<JsonObject> change)
    {
        var card = JsonNode.Parse(TemporaryModel.FiveLines)!.AsObject();
        change(card);
        return card.ToJsonString();
    }
}
