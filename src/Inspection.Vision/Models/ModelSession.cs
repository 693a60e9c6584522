using Inspection.Core;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision;

/// <summary>
/// One open ONNX model: its input and outputs are bound once to pinned memory, so that a run allocates nothing managed.
/// One thread.
/// </summary>
public sealed class ModelSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _bound = [];
    private readonly int _image;
    private readonly float[] _scores;
    private readonly float[] _maps;

    private ModelSession(InferenceSession session, ModelSockets sockets, OutputShapes shapes)
    {
        (_session, Sockets, Shapes) = (session, sockets, shapes);
        _image = 3 * sockets.Width * sockets.Height;
        Input = GC.AllocateArray<float>(sockets.Batch * _image, pinned: true);
        _scores = GC.AllocateArray<float>(sockets.Batch, pinned: true);
        _maps = GC.AllocateArray<float>(sockets.Batch * shapes.MapWidth * shapes.MapHeight, pinned: true);
        _scores.AsSpan().Fill(float.NaN);
        _binding = session.CreateIoBinding();
        _binding.BindInput(sockets.Input, Keep(OrtValue.CreateTensorValueFromMemory(Input, sockets.InputShape)));
        _binding.BindOutput(sockets.Score, Keep(OrtValue.CreateTensorValueFromMemory(_scores, shapes.Score)));
        if (sockets.Map is not null) _binding.BindOutput(sockets.Map, Keep(OrtValue.CreateTensorValueFromMemory(_maps, shapes.Map)));
    }

    /// <summary>What was found of the model's input and outputs.</summary>
    internal ModelSockets Sockets { get; }

    /// <summary>The shapes that a run gave.</summary>
    internal OutputShapes Shapes { get; }

    /// <summary>The input tensor, pinned; its first 3 × <see cref="Height"/> × <see cref="Width"/> values are the picture to fill.</summary>
    public float[] Input { get; }

    /// <summary>Width of the input in pixels.</summary>
    public int Width => Sockets.Width;

    /// <summary>Height of the input in pixels.</summary>
    public int Height => Sockets.Height;

    /// <summary>The last run's score; NaN before the first.</summary>
    public float Score => _scores[0];

    /// <summary>The last run's anomaly map, row by row, <see cref="MapWidth"/> × <see cref="MapHeight"/>; empty when the model gives none.</summary>
    public ReadOnlySpan<float> Map => _maps.AsSpan(0, MapWidth * MapHeight);

    /// <summary>The map's width; 0 when the model gives none.</summary>
    public int MapWidth => Shapes.MapWidth;

    /// <summary>The map's height; 0 when the model gives none.</summary>
    public int MapHeight => Shapes.MapHeight;

    /// <summary>Opens a model on the CPU and finds how its input and outputs fit.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="card">Names and sizes that the file leaves open.</param>
    /// <param name="threads">Threads inside an operator, 1 or more; on a 2-core machine one was faster than two.</param>
    /// <returns>The session, or what was found and what was expected.</returns>
    public static Outcome<ModelSession> Open(string path, ModelCard card, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        InferenceSession? session = null;
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                // The arena keeps a run's memory for the next: without it pages are given back and taken anew at each part,
                // 0.3 ms of 4.3. What it would keep of a replaced model (onnxruntime#26831) matters only to a process that
                // replaces one; here another model is another start.
                EnableCpuMemArena = true,
                // What goes wrong comes back as an exception with the same words; twice would be noise.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            ExactInt8.Set(options);
            session = new InferenceSession(path, options);
            var found = ModelSockets.Find(session, card, path);
            var shapes = found.Succeeded ? OutputShapes.Probe(session, found.Value, path) : found.Failure;
            if (!shapes.Succeeded)
            {
                session.Dispose();
                return shapes.Failure;
            }
            return new ModelSession(session, found.Value!, shapes.Value);
        }
        catch (OnnxRuntimeException e)
        {
            session?.Dispose();
            return new Failure("model-refused", $"ONNX Runtime cannot run {path}: {Shorten(e.Message)} Export the model for opset 17 to 21 with standard operators only, and copy it completely.");
        }
    }

    /// <summary>Runs the model on <see cref="Input"/>. Allocates nothing managed when it succeeds.</summary>
    /// <returns>Null, or why there is no score, for a person.</returns>
    public string? Run()
    {
        // A model with a fixed batch gets the same part in every row; the first row's answer counts.
        for (var row = 1; row < Sockets.Batch; row++) Input.AsSpan(0, _image).CopyTo(Input.AsSpan(row * _image));
        try
        {
            _session.RunWithBinding(_options, _binding);
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            _scores.AsSpan().Fill(float.NaN);
            return $"ONNX Runtime failed, or an output changed its shape: {Shorten(e.Message)}";
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _binding.Dispose();
        foreach (var value in _bound) value.Dispose();
        _options.Dispose();
        _session.Dispose();
    }

    private static string Shorten(string message) => message.Length > 400 ? message[..400] + "…" : message;

    private OrtValue Keep(OrtValue value)
    {
        _bound.Add(value);
        return value;
    }
}
