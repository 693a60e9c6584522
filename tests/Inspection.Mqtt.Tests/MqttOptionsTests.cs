namespace Inspection.Mqtt.Tests;

public sealed class MqttOptionsTests
{
    [Fact]
    public void The_defaults_are_sound_and_make_the_documented_root()
    {
        new MqttOptions().Errors().ShouldBeEmpty();
        new MqttOptions().Root.ShouldBe("inspection/demo/line1/station1");
    }

    [Fact]
    public void All_errors_are_reported_together_with_name_and_range()
    {
        var errors = new MqttOptions
        {
            Site = "a/b",
            Line = "",
            Station = "#",
            Port = 70000,
            Bind = "nowhere",
            Host = "broker",
            ConsumerExpiry = TimeSpan.Zero,
            Consumers = ["x", "x", ""],
        }.Errors().ToList();
        errors.Select(e => e.Name).ShouldBe(
            ["mqtt.site", "mqtt.line", "mqtt.station", "mqtt.port", "mqtt.consumerExpiry", "mqtt.consumers", "mqtt.consumers", "mqtt.bind", "mqtt.host"],
            ignoreOrder: true);
        errors.ShouldAllBe(e => e.Allowed.Length > 0 && e.Problem.Length > 0);
    }

    [Fact]
    public void An_external_broker_needs_a_host_and_takes_no_consumers()
    {
        var errors = new MqttOptions { Broker = BrokerKind.External, Port = 0, Password = "p", CaFile = "/nowhere.pem", Consumers = ["x"] }.Errors();
        errors.Select(e => e.Name).ShouldBe(["mqtt.port", "mqtt.host", "mqtt.user", "mqtt.caFile", "mqtt.caFile", "mqtt.consumers"], ignoreOrder: true);
        new MqttOptions { Broker = BrokerKind.External, Host = "10.0.0.5", User = "u", Password = "p", Tls = true }.Errors().ShouldBeEmpty();
    }
}
