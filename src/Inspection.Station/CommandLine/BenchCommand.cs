using System.CommandLine;
using Inspection.Station.Bench;

namespace Inspection.Station.CommandLine;

/// <summary><c>bench</c>: what the station adds to the bare model.</summary>
internal static class BenchCommand
{
    private static readonly Option<string> Model = CommonOptions.Path("--model", "DIR", "The folder with model.onnx and model.json.");

    private static readonly Option<string> Images = CommonOptions.Path("--images", "DIR", "Photos that are decoded into memory and shown again and again.");

    private static readonly Option<string?> Json = CommonOptions.JsonFile();

    public static Command Create()
    {
        var command = new Command("bench", "Measures what the station adds to the bare model: time, throughput, memory.") { Model, Images, Json };
        command.SetAction(parsed => RunAsync(parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Images), parsed.Has(Json), parsed.GetValue(Json)));
        return command;
    }

    private static async Task<int> RunAsync(string model, string images, bool json, string? file)
    {
        var time = TimeProvider.System;
        // Beside the data folder, so that the ledger is measured on its disk.
        var work = Path.Combine(Home.Folder, "var", "bench-" + Core.Identifiers.New(time).ToString("N"));
        try
        {
            var report = await BenchRun.RunAsync(model, Home.Backbone, images, work, time, Output.Say);
            if (!report.Succeeded) return Output.Fail(report.Failure);
            Tell(report.Value);
            Output.Write(json, file, report.Value);
            return report.Value.Passed == report.Value.Subscriber.Sent ? ExitCodes.Done : ExitCodes.Failed;
        }
        finally
        {
            if (Directory.Exists(work)) Directory.Delete(work, true);
        }
    }

    private static void Tell(BenchReport report)
    {
        var graph = report.Graph is { } cost ? FormattableString.Invariant($"{cost.Graph:F2} over {cost.Backbone:F2}   ratio {cost.Ratio:F3}") : "not compared";
        Output.Say($"""
            {report.Model.Name}@{report.Model.Version}, {report.Frames} frames of {report.Images} pictures, one ONNX thread; milliseconds, median and p99
              (a) bare ONNX Runtime                {report.Bare.Median:F2}  {report.Bare.P99:F2}
              (b) decoded frame to relay line      {report.Loop.Median:F2}  {report.Loop.P99:F2}   ratio {report.Ratio.Median:F3}  {report.Ratio.P99:F3}
                  the same without the resize      {report.LoopWithoutResize.Median:F2}  {report.LoopWithoutResize.P99:F2}   ratio {report.RatioWithoutResize.Median:F3}  {report.RatioWithoutResize.P99:F3}
              (c) frames a second, frames waiting  {report.Throughput.FramesPerSecond:F1}, {report.Throughput.OfBare:F3} of the bare model's
              (d) managed bytes a passing part     {report.ManagedBytes.Median}; {report.ManagedBytes.Parts} parts allocated, at most {report.ManagedBytes.Most}
              (e) verdict to relay line            {report.VerdictToRelay.Median:F4}  p99.9 {report.VerdictToRelay.P999:F4}
              (f) durable entries a second         {report.DurableEntriesPerSecond:F0}
              (g) graph over its bare backbone     {graph}, time of the processor
              passed {report.Passed} of {report.Subscriber.Sent}; the subscriber received {report.Subscriber.Messages}
            """);
    }
}
