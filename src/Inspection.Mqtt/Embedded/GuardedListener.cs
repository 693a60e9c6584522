using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Inspection.Core;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace Inspection.Mqtt.Embedded;

/// <summary>The embedded broker's sockets: where it listens, how many may connect, and how all are cut at once.</summary>
internal sealed class GuardedListener(MqttOptions options, TimeProvider time) : IMqttServerAdapter
{
    /// <summary>More connections than this at once are closed unheard.</summary>
    public const int MaxConnections = 500;

    private readonly ConcurrentDictionary<Socket, byte> _connections = new();
    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly CancellationTokenSource _stop = new();
    private IMqttNetLogger _logger = MqttNetNullLogger.Instance;
    private long _refused;
    private int _cut;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Takes client and topic of a publish that is too long to be read, before its connection ends.</summary>
    public Action<string, string> TooLong { get; init; } = static (_, _) => { };

    /// <summary>The port that was bound.</summary>
    public int Port { get; private set; } = options.Port;

    /// <summary>Connections that were closed unheard.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>
    /// Lets a station take its port again while connections of its last life linger. .NET's own option would, on Linux,
    /// let a second station share the port as well (SO_REUSEPORT), and each would get a part of the clients.
    /// </summary>
    private static void ReuseAddress(Socket listener)
    {
        const int socketLevel = 1, reuseAddress = 2;
        if (OperatingSystem.IsLinux()) listener.SetRawSocketOption(socketLevel, reuseAddress, BitConverter.GetBytes(1));
    }

    /// <summary>Takes the port.</summary>
    /// <returns>Null when it listens, else what stood in the way and which setting to change.</returns>
    public Failure? Bind()
    {
        foreach (var address in Addresses())
        {
            var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (address.AddressFamily == AddressFamily.InterNetworkV6) listener.DualMode = false;
                ReuseAddress(listener);
                listener.Bind(new IPEndPoint(address, Port));
                listener.Listen(128);
                Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
                _listeners.Add(listener);
            }
            catch (SocketException e)
            {
                listener.Dispose();
                // A PC without IPv6 listens on IPv4 alone; with a free port chosen for IPv4, IPv6 is not worth a failure.
                var optional = _listeners.Count > 0 && (e.SocketErrorCode != SocketError.AddressAlreadyInUse || options.Port == 0);
                if (!optional) return Explain(address, e);
            }
        }
        return null;
    }

    public Task StartAsync(MqttServerOptions serverOptions, IMqttNetLogger logger)
    {
        _logger = logger;
        foreach (var listener in _listeners) _accepting.Add(Task.Run(() => AcceptAsync(listener)));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        Cut();
        await Task.WhenAll(_accepting).ConfigureAwait(false);
    }

    /// <summary>Closes every socket at once and says nothing to anybody, as the end of the process does.</summary>
    public void Cut()
    {
        if (Interlocked.Exchange(ref _cut, 1) == 0) _stop.Cancel();
        foreach (var listener in _listeners) listener.Dispose();
        foreach (var connection in _connections.Keys) connection.Dispose();
    }

    public void Dispose()
    {
        Cut();
        _stop.Dispose();
    }

    private IEnumerable<IPAddress> Addresses() => options.Bind switch
    {
        MqttOptions.Loopback => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        MqttOptions.Any => [IPAddress.Any, IPAddress.IPv6Any],
        var address => [IPAddress.Parse(address)],
    };

    private Failure Explain(IPAddress address, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new("port-in-use",
            $"Port {Port} on {address} is in use by another program, maybe another broker or a second station. Stop it, or set mqtt.port to a free port (1–65535)."),
        SocketError.AccessDenied => new("port-not-permitted",
            $"Port {Port} on {address} is not permitted to this user. Set mqtt.port to 1024 or above."),
        SocketError.AddressNotAvailable => new("address-not-available",
            $"{address} is no address of this PC. Set mqtt.bind to loopback, any, or one of its addresses."),
        _ => new("cannot-listen", $"Cannot listen on {address} port {Port}: {e.Message}. Check mqtt.bind and mqtt.port."),
    };

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                if (_connections.Count >= MaxConnections || !_connections.TryAdd(socket, 0))
                {
                    Interlocked.Increment(ref _refused);
                    socket.Dispose();
                    continue;
                }
                socket.NoDelay = true;
                _ = Task.Run(() => ServeAsync(socket));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // Out of descriptors, or a client that was gone before it was accepted: the next may fare better.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var channel = new GuardedChannel(socket);
            using var adapter = new MqttChannelAdapter(channel, new MqttPacketFormatterAdapter(new MqttBufferWriter(4096, 65535)), _logger);
            var connection = new Connection(adapter, time);
            channel.TooLong = topic =>
            {
                if (connection.Name is { } client) TooLong(client, topic);
            };
            if (ClientHandler is { } serve) await serve(connection).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever a client provokes ends its own connection and nothing else.
            _logger.Publish(MqttNetLogLevel.Warning, nameof(GuardedListener), "A connection ended.", null, e);
        }
        finally
        {
            _connections.TryRemove(socket, out _);
            socket.Dispose();
        }
    }
}
