using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Inspection.Station.Bench;

/// <summary>Bare ONNX Runtime on a model: its own defaults, one thread, ready tensors bound once. What the loop is measured against.</summary>
internal sealed class BareModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _input;

    private BareModel(InferenceSession session, OrtIoBinding binding, OrtValue input) => (_session, _binding, _input) = (session, binding, input);

    /// <summary>Opens the model.</summary>
    /// <param name="path">The ONNX file; it was checked before.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public static BareModel Open(string path, string input, int width, int height)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        var session = new InferenceSession(path, options);
        var batch = Math.Max(1, session.InputMetadata[input].Dimensions[0]);
        var values = new float[batch * 3 * width * height];
        for (var i = 0; i < values.Length; i++) values[i] = i % 251 / 250f;
        var tensor = OrtValue.CreateTensorValueFromMemory(values, [batch, 3, height, width]);
        var binding = session.CreateIoBinding();
        binding.BindInput(input, tensor);
        foreach (var output in session.OutputMetadata.Keys) binding.BindOutputToDevice(output, OrtMemoryInfo.DefaultInstance);
        return new(session, binding, tensor);
    }

    /// <summary>Runs it and takes each run's time in milliseconds.</summary>
    public void Run(Span<double> took, TimeProvider time)
    {
        for (var i = 0; i < took.Length; i++)
        {
            var began = time.GetTimestamp();
            _session.RunWithBinding(_run, _binding);
            took[i] = time.GetElapsedTime(began).TotalMilliseconds;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _binding.Dispose();
        _input.Dispose();
        _run.Dispose();
        _session.Dispose();
    }
}
