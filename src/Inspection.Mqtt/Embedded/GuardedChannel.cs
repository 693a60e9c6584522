using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace Inspection.Mqtt.Embedded;

/// <summary>
/// One client's socket. MQTTnet allocates whatever length a packet announces (up to 256 MB, before CONNECT) and waits
/// for a write without end; this channel refuses the one and ends the other.
/// </summary>
internal sealed class GuardedChannel(Socket socket) : IMqttChannel
{
    /// <summary>Longest packet that a client may send, bytes; clients send subscriptions and commands, nothing large.</summary>
    public const int MaxPacketBytes = 64 * 1024;

    /// <summary>A client that has taken nothing for so long is cut off.</summary>
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private int _body;
    private int _lengthBytes = -1;
    private int _length;

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public EndPoint? LocalEndPoint { get; } = socket.LocalEndPoint;

    public bool IsSecureConnection => false;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            var read = await _stream.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).ConfigureAwait(false);
            Follow(buffer.AsSpan(offset, read));
            return read;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(WriteLimit);
        try
        {
            foreach (var segment in buffer) await _stream.WriteAsync(segment, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Half a packet may be out, so nothing more may follow on this connection.
            Dispose();
            throw new MqttCommunicationException(e is OperationCanceledException ? "The client takes nothing." : "The connection is closed.", e);
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Follows the framing: one byte of type, one to four of length (MQTT 5.0 section 2.1.4), the body.</summary>
    private void Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_body > 0)
            {
                var part = Math.Min(_body, bytes.Length);
                _body -= part;
                bytes = bytes[part..];
                continue;
            }
            var next = bytes[0];
            bytes = bytes[1..];
            if (_lengthBytes < 0)
            {
                (_lengthBytes, _length) = (0, 0);
                continue;
            }
            _length |= (next & 127) << (7 * _lengthBytes++);
            if (_length > MaxPacketBytes || _lengthBytes > 4)
            {
                Dispose();
                throw new MqttProtocolViolationException($"The client announced a packet of more than {MaxPacketBytes} bytes.");
            }
            if ((next & 128) == 0) (_body, _lengthBytes) = (_length, -1);
        }
    }
}
