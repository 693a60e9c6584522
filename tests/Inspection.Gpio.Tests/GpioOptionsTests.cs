namespace Inspection.Gpio.Tests;

public class GpioOptionsTests
{
    [Fact]
    public void The_defaults_are_the_simulated_chip_and_the_built_in_map()
    {
        var options = new GpioOptions();
        options.Errors().ShouldBeEmpty();
        options.IsSimulated.ShouldBeTrue();
    }

    [Theory]
    [InlineData("gpiochip0")]
    [InlineData("gpiochip255")]
    public void A_real_chip_is_named_as_the_kernel_names_it(string chip) => new GpioOptions { Chip = chip }.Errors().ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("Simulated")]
    [InlineData("gpiochip")]
    [InlineData("gpiochip256")]
    [InlineData("gpiochip-1")]
    [InlineData("gpiochip01")]
    [InlineData("gpiochip0/../mem")]
    [InlineData("/dev/gpiochip0")]
    public void Any_other_name_is_refused_with_what_is_allowed(string chip)
    {
        var error = new GpioOptions { Chip = chip }.Errors().ShouldHaveSingleItem();
        error.Name.ShouldBe("gpio.chip");
        error.Allowed.ShouldBe("simulated, or gpiochip0–gpiochip255");
    }

    [Fact]
    public void A_wrong_chip_and_a_wrong_map_are_reported_together()
        => new GpioOptions { Chip = "x", PinMap = "/no/such/map" }.Errors().Select(error => error.Name).ShouldBe(["gpio.chip", "gpio.pinMap"]);

    [Fact]
    public void Lines_do_not_open_with_a_wrong_map()
        => GpioLines.Open(new GpioOptions { PinMap = "/no/such/map" }, TimeProvider.System).Failure!.Code.ShouldBe("bad-configuration");
}
