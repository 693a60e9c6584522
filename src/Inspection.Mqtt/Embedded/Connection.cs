using System.Net;
using System.Security.Cryptography.X509Certificates;
using Inspection.Core;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace Inspection.Mqtt.Embedded;

/// <summary>
/// One client's connection. Notes what its CONNECT asks for, then has the server make a fresh session of it: what a
/// client has is in its cursor, and a session that outlived its connection would repeat messages beside the cursor.
/// </summary>
internal sealed class Connection(MqttChannelAdapter inner, TimeProvider time) : IMqttChannelAdapter
{
    /// <summary>Whose it is; null before CONNECT, and where the id in it is refused.</summary>
    public string? Name { get; private set; }

    /// <summary>True when the client asked for a session that outlives the connection: it is a consumer.</summary>
    public bool Persistent { get; private set; }

    /// <summary>How long the client wants to be remembered; <see cref="TimeSpan.MaxValue"/> where it did not say.</summary>
    public TimeSpan Expiry { get; private set; }

    /// <summary>How many messages the client takes without having acknowledged them, 1–65535.</summary>
    public int ReceiveMaximum { get; private set; } = ushort.MaxValue;

    public long BytesReceived => inner.BytesReceived;

    public long BytesSent => inner.BytesSent;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint? LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        var packet = await inner.ReceivePacketAsync(cancellationToken).ConfigureAwait(false);
        if (packet is MqttConnectPacket connect) Note(connect);
        return packet;
    }

    public void ResetStatistics() => inner.ResetStatistics();

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => inner.SendPacketAsync(packet, cancellationToken);

    public void Dispose() => inner.Dispose();

    private void Note(MqttConnectPacket connect)
    {
        if (PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500)
        {
            Persistent = connect.SessionExpiryInterval > 0;
            Expiry = connect.SessionExpiryInterval == uint.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(connect.SessionExpiryInterval);
            if (connect.ReceiveMaximum > 0) ReceiveMaximum = connect.ReceiveMaximum;
        }
        else
        {
            Persistent = !connect.CleanSession;
            Expiry = TimeSpan.MaxValue;
            // MQTT 3.1.1 section 3.1.3.1 allows a broker to name a client that has no name and wants no session; MQTTnet refuses it.
            if (string.IsNullOrEmpty(connect.ClientId) && connect.CleanSession) connect.ClientId = NewId(time);
        }
        connect.CleanSession = true;
        if (string.IsNullOrEmpty(connect.ClientId)) Name = "anonymous";
        else if (MqttOptions.IsClientId(connect.ClientId)) Name = connect.ClientId;
    }

    /// <summary>An id for a client that brought none.</summary>
    public static string NewId(TimeProvider time) => $"anonymous-{Identifiers.New(time):N}";
}
