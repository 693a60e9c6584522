namespace Inspection.Mqtt.External;

/// <summary>The plant's broker.</summary>
internal sealed class ExternalBroker(MqttOptions options, MqttStation station) : IBroker
{
    public int Port => options.Port;

    public string Text => "external broker, still being built";

    public long LastAcknowledged => 0;

    public IReadOnlyList<Reader> Readers() => [];

    public void Tick() => _ = station;

    public void PublishStatus(ReadOnlyMemory<byte> body) => _ = body;

    public bool Forget(string consumer) => false;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
