using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Mqtt.Tests;

/// <summary>Debian's mosquitto as the plant's broker.</summary>
public sealed class ExternalBrokerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nothing_counts_as_delivered_while_nobody_subscribes_and_the_first_subscriber_gets_all()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var bench = await Bench.StartAsync(To(broker));
        bench.Judge(20);
        await Eventually.Holds(() => bench.Board.Broker.EndsWith("connected, no subscriber", StringComparison.Ordinal), Long);
        bench.Ledger.Cursors.Find(CursorTable.Shared).ShouldBeNull();
        bench.Delivery.ConnectedReaders.ShouldBe(0);
        bench.Delivery.Waiting().ShouldBe([new Waiting("", false, 20)]);

        var lines = await Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/verdict", 20, "-q", "1", "-V", "mqttv5");
        lines.Select(Position).ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n));
        await Eventually.Holds(() => bench.Delivery.AllAcknowledged, Long);
    }

    [Fact]
    public async Task A_kind_that_nobody_wants_is_passed_by_once_a_verdict_is_taken()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var bench = await Bench.StartAsync(To(broker));
        bench.Append(EntryKind.Disposition);
        bench.Append(EntryKind.Lot);
        bench.Judge();
        bench.Append(EntryKind.Disposition);
        bench.Judge();
        var lines = await Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/verdict", 2, "-q", "1");
        lines.Select(Position).ShouldBe([3, 5]);
        await Eventually.Holds(() => Shared(bench) == 5, Long);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_yet_raises_an_alarm_and_gets_everything_later()
    {
        await using var broker = Mosquitto.Absent();
        await using var bench = await Bench.StartAsync(To(broker));
        bench.Judge(5);
        await Eventually.Holds(() => bench.AlarmIs("broker-unreachable", true), Long);
        bench.Board.Broker.ShouldContain("127.0.0.1");
        await broker.StartAgainAsync();
        var lines = await Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/verdict", 5, "-q", "1");
        lines.Length.ShouldBe(5);
        await Eventually.Holds(() => bench.AlarmIs("broker-unreachable", false), Long);
    }

    [Fact]
    public async Task A_broker_that_drops_the_connection_costs_no_verdict()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var bench = await Bench.StartAsync(To(broker));
        bench.Judge(10);
        (await Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/verdict", 10, "-q", "1")).Length.ShouldBe(10);
        await Eventually.Holds(() => Shared(bench) == 10, Long);
        broker.Kill();
        bench.Judge(10);
        await Eventually.Holds(() => bench.AlarmIs("broker-unreachable", true), Long);
        await broker.StartAgainAsync();
        var lines = await Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/verdict", 10, "-q", "1");
        lines.Select(Position).ShouldBe(Enumerable.Range(11, 10).Select(n => (long)n));
    }

    [Fact]
    public async Task Status_is_retained_there_and_says_offline_when_the_station_ends_or_dies()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var bench = await Bench.StartAsync(To(broker));
        await Eventually.Holds(() => bench.Board.Broker.EndsWith("connected", StringComparison.Ordinal), Long);
        (await StatusAsync(broker, bench)).ShouldBeTrue();
        await bench.Delivery.DisposeAsync();
        (await StatusAsync(broker, bench)).ShouldBeFalse();

        await bench.StartAgainAsync();
        await Eventually.Holds(() => bench.Board.Broker.EndsWith("connected", StringComparison.Ordinal), Long);
        (await StatusAsync(broker, bench)).ShouldBeTrue();
        await bench.KillAsync();
        (await StatusAsync(broker, bench)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_the_right_one_serves()
    {
        await using var broker = await Mosquitto.StartAsync($"allow_anonymous false\npassword_file {Mosquitto.PasswordFile("station", "right")}");
        await using (var wrong = await Bench.StartAsync(To(broker) with { User = "station", Password = "wrong" }))
        {
            await Eventually.Holds(() => wrong.AlarmIs("broker-unreachable", true), Long);
            await Eventually.Holds(() => wrong.Alarms.Active.Any(a => a.Message.Contains("NotAuthorized", StringComparison.Ordinal) && a.Remedy.Contains("mqtt.user", StringComparison.Ordinal)));
            wrong.Alarms.Active.ShouldAllBe(a => !a.Message.Contains("wrong", StringComparison.Ordinal));
        }
        await using var bench = await Bench.StartAsync(To(broker) with { User = "station", Password = "right" });
        bench.Judge(3);
        (await Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/verdict", 3, "-q", "1", "-u", "station", "-P", "right")).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_broker_that_refuses_the_messages_stops_the_cursor_with_an_alarm()
    {
        var rules = Path.Combine(Directory.CreateTempSubdirectory("acl").FullName, "acl");
        await File.WriteAllTextAsync(rules, "topic read #\ntopic write inspection/demo/line1/station1/status\n", TestContext.Current.CancellationToken);
        await using var broker = await Mosquitto.StartAsync($"allow_anonymous true\nacl_file {rules}");
        await using var bench = await Bench.StartAsync(To(broker));
        bench.Judge(2);
        await Eventually.Holds(() => bench.AlarmIs("broker-refuses-messages", true), Long);
        bench.Ledger.Cursors.Find(CursorTable.Shared).ShouldBeNull();
    }

    [Fact]
    public async Task TLS_trusts_the_named_authority_and_no_other()
    {
        var (authority, settings) = Certificates();
        await using var broker = await Mosquitto.StartAsync($"allow_anonymous true\n{settings}");
        var (stranger, _) = Certificates();
        await using (var wrong = await Bench.StartAsync(To(broker) with { Host = "localhost", Tls = true, CaFile = stranger }))
            await Eventually.Holds(() => wrong.AlarmIs("broker-unreachable", true), Long);
        await using var bench = await Bench.StartAsync(To(broker) with { Host = "localhost", Tls = true, CaFile = authority });
        bench.Judge(3);
        (await Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/verdict", 3, "-q", "1", "-h", "localhost", "--cafile", authority)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_request_trips_but_a_retained_one_of_yesterday_does_not()
    {
        await using var broker = await Mosquitto.StartAsync();
        await Mosquitto.PublishAsync(broker.Port, "inspection/demo/line1/station1/request-trip", "yesterday", "-q", "1", "-r");
        await using var bench = await Bench.StartAsync(To(broker));
        await Eventually.Holds(() => bench.Board.Broker.EndsWith("connected", StringComparison.Ordinal), Long);
        (await StatusAsync(broker, bench)).ShouldBeTrue();
        bench.Interlock.State.ShouldBe(InterlockState.Stopped);
        await Mosquitto.PublishAsync(broker.Port, $"{bench.Root}/request-trip", "now", "-q", "1", "-r");
        await Eventually.Holds(() => bench.Interlock.State == InterlockState.Tripped, Long);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_request_that_is_published_while_the_station_is_away_is_obeyed_when_it_is_back(bool killed)
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var bench = await Bench.StartAsync(To(broker));
        await Eventually.Holds(() => bench.Board.Broker.EndsWith("connected", StringComparison.Ordinal), Long);
        if (killed) await bench.KillAsync();
        else await bench.Delivery.DisposeAsync();
        (await StatusAsync(broker, bench)).ShouldBeFalse();
        (await Mosquitto.PublishAsync(broker.Port, $"{bench.Root}/request-trip", "while it is away", "-q", "1", "-V", "mqttv5")).ExitCode.ShouldBe(0);
        bench.Interlock.State.ShouldBe(InterlockState.Stopped);
        await bench.StartAgainAsync();
        await Eventually.Holds(() => bench.Interlock.State == InterlockState.Tripped, Long);
        bench.Interlock.Snapshot.FirstOut!.Detail.ShouldBe("requested by 127.0.0.1: while it is away");
    }

    [Fact]
    public async Task A_request_of_a_hundred_thousand_bytes_is_obeyed_and_shortened()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var bench = await Bench.StartAsync(To(broker));
        await Eventually.Holds(() => bench.Board.Broker.EndsWith("connected", StringComparison.Ordinal), Long);
        await Mosquitto.PublishAsync(broker.Port, $"{bench.Root}/request-trip", new string('x', 100_000), "-q", "1");
        await Eventually.Holds(() => bench.Interlock.State == InterlockState.Tripped, Long);
        bench.Interlock.Snapshot.FirstOut!.Detail.ShouldEndWith("… (shortened from 100000 bytes)");
    }

    [Fact]
    public async Task What_retention_took_while_the_broker_was_away_is_a_gap_message()
    {
        await using var broker = Mosquitto.Absent();
        await using var bench = new Bench(null, To(broker));
        bench.Judge(50);
        bench.Ledger.Cursors.Set(new ConsumerCursor(CursorTable.Shared, bench.Ledger.Last with { Position = 10 }, bench.Time.GetUtcNow(), TimeSpan.Zero, false));
        bench.Ledger.ForgetOldest(40);
        await broker.StartAgainAsync();
        var subscribing = Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/#", 12, "-q", "1");
        await bench.StartAgainAsync();
        var lines = (await subscribing).Where(l => !l.Contains("/status ", StringComparison.Ordinal)).ToArray();
        var gap = Body(lines.First(l => l.Contains("/gap ", StringComparison.Ordinal)));
        gap.GetProperty("count").GetInt64().ShouldBe(30);
        lines.Where(l => l.Contains("/verdict ", StringComparison.Ordinal)).Select(Position).First().ShouldBe(41);
        bench.Ledger.Audits("messages-lost").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_closes_at_once_is_no_broker()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        await using var bench = await Bench.StartAsync(new MqttOptions { Broker = BrokerKind.External, Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port });
        await closing;
        await Eventually.Holds(() => bench.AlarmIs("broker-unreachable", true), Long);
    }

    private static MqttOptions To(Mosquitto broker) => new() { Broker = BrokerKind.External, Host = "127.0.0.1", Port = broker.Port };

    private static long Shared(Bench bench) => bench.Ledger.Cursors.Find(CursorTable.Shared)?.At?.Position ?? 0;

    private static async Task<bool> StatusAsync(Mosquitto broker, Bench bench)
        => Body((await Mosquitto.SubscribeAsync(broker.Port, $"{bench.Root}/status", 1))[0]).GetProperty("online").GetBoolean();

    private static JsonElement Body(string line) => JsonElement.Parse(line[line.IndexOf(' ', StringComparison.Ordinal)..]);

    private static long Position(string line) => Body(line).GetProperty("position").GetInt64();

    /// <summary>A new authority, and a certificate for localhost that it signed, as the broker's settings.</summary>
    private static (string Authority, string Settings) Certificates()
    {
        var folder = Directory.CreateTempSubdirectory("tls").FullName;
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signed = authority.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(signed, from, to, [1, 2, 3]);
        var (ca, cert, keyFile) = (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(ca, signed.ExportCertificatePem());
        File.WriteAllText(cert, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (ca, $"certfile {cert}\nkeyfile {keyFile}");
    }
}
