using System.Net.Sockets;
using Inspection.Mqtt.Embedded;
using Inspection.Testing;

namespace Inspection.Mqtt.Tests;

/// <summary>Whatever a client sends ends its own connection and nothing else.</summary>
public sealed class HostileClientTests
{
    private static readonly byte[] Connect311 = [0x10, 0x0D, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 60, 0, 1, (byte)'x'];

    [Theory]
    [InlineData("10 FF FF FF 7F")]
    [InlineData("30 FF FF FF 7F")]
    [InlineData("10 FF FF FF FF FF FF")]
    [InlineData("00 00 00 00")]
    [InlineData("10 02 00 FF")]
    [InlineData("10 0C 00 04 4D 51 54 54 63 02 00 3C 00 00")]
    [InlineData("82 08 00 01 00 03 61 2F 62 01")]
    [InlineData("47 45 54 20 2F 20 48 54 54 50 2F 31 2E 31 0D 0A 0D 0A")]
    public async Task Garbage_instead_of_a_CONNECT_is_cut_off(string hex)
    {
        await using var bench = await Bench.StartAsync();
        var before = GC.GetTotalAllocatedBytes();
        using (var hostile = await DialAsync(bench.Port))
        {
            var stream = hostile.GetStream();
            await stream.WriteAsync(Bytes(hex), TestContext.Current.CancellationToken);
            hostile.Client.Shutdown(SocketShutdown.Send);
            await IsCutOff(stream);
        }
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(50_000_000);
        await StillServes(bench);
    }

    [Fact]
    public async Task A_huge_packet_after_a_good_CONNECT_is_cut_off_before_it_is_read()
    {
        await using var bench = await Bench.StartAsync();
        using var hostile = await DialAsync(bench.Port);
        await hostile.GetStream().WriteAsync(Connect311, TestContext.Current.CancellationToken);
        await hostile.GetStream().ReadExactlyAsync(new byte[4], TestContext.Current.CancellationToken);
        await hostile.GetStream().WriteAsync(Bytes("30 FF FF FF 7F"), TestContext.Current.CancellationToken);
        await IsCutOff(hostile.GetStream());
        await StillServes(bench);
    }

    [Theory]
    [InlineData("request-trip", true, true)]
    [InlineData("verdict", true, false)]
    [InlineData("request-trip", false, false)]
    public async Task A_request_to_trip_that_is_too_long_to_be_read_is_obeyed_before_it_is_cut_off(string topic, bool connects, bool trips)
    {
        await using var bench = await Bench.StartAsync();
        using var hostile = await DialAsync(bench.Port);
        var stream = hostile.GetStream();
        if (connects)
        {
            await stream.WriteAsync(Connect311, TestContext.Current.CancellationToken);
            await stream.ReadExactlyAsync(new byte[4], TestContext.Current.CancellationToken);
        }
        var name = System.Text.Encoding.UTF8.GetBytes($"{bench.Root}/{topic}");
        // A PUBLISH of QoS 0 of 100,000 bytes: length in seven bits each, topic, and no more than the start of the payload.
        await stream.WriteAsync((byte[])[0x30, 0xA0, 0x8D, 0x06, 0, (byte)name.Length, .. name, .. new byte[1000]], TestContext.Current.CancellationToken);
        await IsCutOff(stream);
        bench.Interlock.State.ShouldBe(trips ? Core.InterlockState.Tripped : Core.InterlockState.Stopped);
        if (trips) bench.Interlock.Snapshot.FirstOut!.Detail.ShouldBe("requested by x: (a message too long to be read)");
        bench.Ledger.Commands("request-trip").ShouldBe(trips ? ["obeyed; Tripped"] : []);
        await StillServes(bench);
    }

    [Fact]
    public async Task Random_bytes_hurt_nobody_else()
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600);
        var random = new Random(4);
        for (var i = 0; i < 200; i++)
        {
            using var hostile = await DialAsync(bench.Port);
            var bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            if (i % 2 == 0) await hostile.GetStream().WriteAsync(Connect311, TestContext.Current.CancellationToken);
            await hostile.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        bench.Judge(20);
        await mes.Gets(20);
        mes.IsConnected.ShouldBeTrue();
    }

    [Fact]
    public async Task Thousands_of_connections_leave_room_for_none_but_hurt_nobody_who_is_there()
    {
        await using var bench = await Bench.StartAsync();
        await using var mes = await Receiver.ConnectAsync(bench, "mes", 3600);
        var crowd = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 2000; i++) crowd.Add(await DialAsync(bench.Port));
            bench.Judge(50);
            await mes.Gets(50);
        }
        finally
        {
            crowd.ForEach(c => c.Dispose());
        }
        await Eventually.Holds(() => bench.Acknowledged("mes") == 50);
        await StillServes(bench);
    }

    [Fact]
    public async Task Ever_new_persistent_clients_are_refused_beyond_the_bound()
    {
        await using var bench = await Bench.StartAsync();
        for (var i = 0; i < Consumers.MaxUnnamed; i++)
        {
            await using var client = await Receiver.ConnectAsync(bench, $"client{i}", 3600);
        }
        await using var more = await Receiver.ConnectAsync(bench, "more", 3600, subscribe: null);
        (await more.SubscribeAsync($"{bench.Root}/verdict")).ShouldBe(MQTTnet.MqttClientSubscribeResultCode.QuotaExceeded);
        await using var known = await Receiver.ConnectAsync(bench, "client5", 3600);
        bench.Judge();
        await known.Gets(1);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static async Task<TcpClient> DialAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task IsCutOff(NetworkStream stream)
    {
        var buffer = new byte[256];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            while (await stream.ReadAsync(buffer, limit.Token) > 0) limit.Token.ThrowIfCancellationRequested();
        }
        catch (IOException e)
        {
            e.InnerException.ShouldBeOfType<SocketException>();
        }
    }

    private static async Task StillServes(Bench bench)
    {
        var connected = 0;
        await Eventually.Holds(() => Volatile.Read(ref connected) == 1 || Try().IsCompletedSuccessfully, TimeSpan.FromSeconds(20), "a good client is served");

        async Task Try()
        {
            try
            {
                await using var good = await Receiver.ConnectAsync(bench, "good", qos: 0);
                Volatile.Write(ref connected, 1);
            }
            catch (MQTTnet.Exceptions.MqttCommunicationException)
            {
                // There is no room yet.
                return;
            }
        }
    }
}
