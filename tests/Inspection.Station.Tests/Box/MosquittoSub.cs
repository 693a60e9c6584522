using System.Diagnostics;

namespace Inspection.Station.Tests;

/// <summary>A foreign subscriber: Debian's mosquitto_sub at QoS 1 with a session that persists.</summary>
internal sealed class MosquittoSub : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    public MosquittoSub(int port, string client, string topic = "inspection/demo/line1/station1/verdict")
    {
        File.Exists("/usr/bin/mosquitto_sub").ShouldBeTrue("mosquitto_sub is not installed: apt-get install mosquitto-clients");
        _process = Process.Start(new ProcessStartInfo("mosquitto_sub",
            ["-h", "127.0.0.1", "-p", $"{port}", "-i", client, "-c", "-q", "1", "-k", "5", "-t", topic, "-F", "%p"])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not { } text) return;
            lock (_lines) _lines.Add(text);
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
