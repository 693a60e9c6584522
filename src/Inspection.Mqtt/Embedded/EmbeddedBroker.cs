using Inspection.Core;

namespace Inspection.Mqtt.Embedded;

/// <summary>The station's own broker.</summary>
internal sealed class EmbeddedBroker(MqttOptions options, MqttStation station) : IBroker
{
    public int Port => options.Port;

    public string Text => "embedded broker, still being built";

    public long LastAcknowledged => 0;

    public Task<Failure?> StartAsync() => Task.FromResult<Failure?>(new("not-built", $"The embedded broker of {options.Root} is not built yet."));

    public IReadOnlyList<Reader> Readers() => [];

    public void Tick() => _ = station;

    public void PublishStatus(ReadOnlyMemory<byte> body) => _ = body;

    public bool Forget(string consumer) => station.Ledger.Cursors.Remove(consumer);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
