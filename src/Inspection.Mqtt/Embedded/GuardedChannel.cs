using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
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

    /// <summary>Longest topic that is read of a packet that is not.</summary>
    private const int MaxTopicBytes = 1024;

    /// <summary>The topic of a packet that is not read must come within this.</summary>
    private static readonly TimeSpan TopicLimit = TimeSpan.FromSeconds(2);

    /// <summary>A client that has taken nothing for so long is cut off.</summary>
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private byte _type;
    private int _body;
    private int _lengthBytes = -1;
    private int _length;

    /// <summary>Takes the topic of a publish that is too long to be read, before the connection ends.</summary>
    public Action<string> TooLong { get; set; } = static _ => { };

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
            if (Follow(buffer.AsSpan(offset, read)) is not { } at) return read;
            const int publish = 3;
            if (_type >> 4 == publish && await ReadTopicAsync(buffer.AsMemory(offset + at, read - at)).ConfigureAwait(false) is { } topic) TooLong(topic);
            Dispose();
            throw new MqttProtocolViolationException($"The client announced a packet of more than {MaxPacketBytes} bytes.");
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

    /// <summary>The topic stands first in a publish (MQTT 5.0 section 3.3.2.1): two bytes of length, then UTF-8.</summary>
    /// <param name="begun">What has come of it already.</param>
    /// <returns>Null where it does not come.</returns>
    private async Task<string?> ReadTopicAsync(ReadOnlyMemory<byte> begun)
    {
        using var limit = new CancellationTokenSource(TopicLimit);
        var bytes = new byte[2 + MaxTopicBytes];
        begun.Span[..Math.Min(begun.Length, bytes.Length)].CopyTo(bytes);
        var have = Math.Min(begun.Length, bytes.Length);
        while (true)
        {
            var length = have < 2 ? 0 : bytes[0] << 8 | bytes[1];
            if (length > MaxTopicBytes) return null;
            if (have >= 2 + length && have >= 2) return Encoding.UTF8.GetString(bytes, 2, length);
            try
            {
                var read = await _stream.ReadAsync(bytes.AsMemory(have, (have < 2 ? 2 : 2 + length) - have), limit.Token).ConfigureAwait(false);
                if (read == 0) return null;
                have += read;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    /// <summary>Follows the framing: one byte of type, one to four of length (MQTT 5.0 section 2.1.4), the body.</summary>
    /// <returns>Where a packet that is too long begins behind its length; null where none does.</returns>
    private int? Follow(ReadOnlySpan<byte> bytes)
    {
        var count = bytes.Length;
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
                (_type, _lengthBytes, _length) = (next, 0, 0);
                continue;
            }
            _length |= (next & 127) << (7 * _lengthBytes++);
            var ends = (next & 128) == 0;
            if (!ends && _lengthBytes == 4)
            {
                Dispose();
                throw new MqttProtocolViolationException("The client announced a packet with a length of more than four bytes.");
            }
            if (ends && _length > MaxPacketBytes) return count - bytes.Length;
            if (ends) (_body, _lengthBytes) = (_length, -1);
        }
        return null;
    }
}
