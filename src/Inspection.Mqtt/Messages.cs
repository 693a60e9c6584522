using System.Buffers;
using MQTTnet;
using MQTTnet.Protocol;

namespace Inspection.Mqtt;

/// <summary>Makes MQTT's form of a message; the body's bytes are the ledger's own.</summary>
internal static class Messages
{
    public static MqttApplicationMessage Make(string topic, ReadOnlyMemory<byte> body, int qos, bool retain, uint expirySeconds = 0) => new()
    {
        Topic = topic,
        Payload = new ReadOnlySequence<byte>(body),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
        Retain = retain,
        MessageExpiryInterval = expirySeconds,
        ContentType = "application/json",
        PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData,
    };
}
