namespace Inspection.Gpio.Tests;

public class PinTests
{
    private static Pin Output(bool high) => new("pass", 1, high, Contact.None, Bias.None, "test");

    private static Pin Input(bool high, Contact contact) => new("key", 1, high, contact, Bias.None, "test");

    [Fact]
    public void An_output_of_high_polarity_is_high_while_active()
    {
        Output(high: true).LevelOf(true).ShouldBeTrue();
        Output(high: true).LevelOf(false).ShouldBeFalse();
    }

    [Fact]
    public void An_output_of_low_polarity_is_low_while_active()
    {
        Output(high: false).LevelOf(true).ShouldBeFalse();
        Output(high: false).LevelOf(false).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, Contact.NormallyOpen, true, true)]
    [InlineData(true, Contact.NormallyOpen, false, false)]
    [InlineData(true, Contact.NormallyClosed, true, false)]
    [InlineData(true, Contact.NormallyClosed, false, true)]
    [InlineData(false, Contact.NormallyOpen, true, false)]
    [InlineData(false, Contact.NormallyOpen, false, true)]
    [InlineData(false, Contact.NormallyClosed, true, true)]
    [InlineData(false, Contact.NormallyClosed, false, false)]
    public void An_input_is_active_by_its_contact_and_its_polarity(bool high, Contact contact, bool level, bool active)
    {
        Input(high, contact).IsActive(level).ShouldBe(active);
        Input(high, contact).LevelOf(active).ShouldBe(level);
    }
}
