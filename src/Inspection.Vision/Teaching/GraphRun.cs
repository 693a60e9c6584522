using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Runs a graph on photos while teaching: one thread, so that sums are always taken in the same order.</summary>
internal sealed class GraphRun : IDisposable
{
    private readonly float[] _image;
    private readonly InputPicture _picture;
    private readonly InferenceSession _session;
    private readonly OrtValue _input;
    private readonly RunOptions _run = new();
    private readonly string[] _output;

    /// <summary>Opens a graph.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="size">Its input.</param>
    /// <param name="output">The float32 output to read.</param>
    /// <param name="template">By what parts are found, to be turned upright; null: they are taken as they lie.</param>
    public GraphRun(byte[] model, InputSize size, string output, PartTemplate? template = null)
    {
        _image = GC.AllocateArray<float>(3 * size.Width * size.Height, pinned: true);
        _picture = new InputPicture(_image, size.Width, size.Height, ModelResize.Area, template);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL };
        ExactInt8.Set(options);
        _session = new InferenceSession(model, options);
        _input = OrtValue.CreateTensorValueFromMemory(_image, [1, 3, size.Height, size.Width]);
        _output = [output];
    }

    /// <summary>The picture that the graph saw last: 8-bit BGR of the input's size.</summary>
    public ReadOnlySpan<byte> Pixels => _picture.Pixels;

    /// <summary>How the part lies that the graph was shown last; null where parts are taken as they lie.</summary>
    public Pose? Pose => _picture.Pose;

    /// <summary>Runs the graph on a photo.</summary>
    /// <param name="photo">8-bit BGR of any size.</param>
    /// <param name="values">Receives the output's values, valid for the call; not called where the part was not found.</param>
    /// <returns>The photo's fitness to be judged.</returns>
    public Core.FrameHealth Run(Mat photo, Values values)
    {
        using (var input = InputArray.Create(photo)) _picture.Fill(input);
        if (Pose is { Finding: not PoseFinding.Found }) return _picture.Measure();
        using var outputs = _session.Run(_run, [Backbone.Input], [_input], _output);
        values(outputs[0].GetTensorDataAsSpan<float>());
        return _picture.Measure();
    }

    /// <summary>Receives an output's values.</summary>
    public delegate void Values(ReadOnlySpan<float> values);

    /// <inheritdoc />
    public void Dispose()
    {
        _input.Dispose();
        _run.Dispose();
        _session.Dispose();
        _picture.Dispose();
    }
}
