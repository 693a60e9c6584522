using System.Runtime.CompilerServices;
using Inspection.Core;

namespace Inspection.Gpio.Tests;

public class KernelChipTests
{
    private static Failure Open(string path) => GpioLines.Open(() => new KernelChip(path, PinMap.Default, TimeProvider.System), PinMap.Default).Failure!;

    [Fact]
    public void A_chip_that_is_not_there_is_a_failure_with_a_remedy_and_never_the_simulation()
    {
        var opened = GpioLines.Open(new GpioOptions { Chip = "gpiochip250" }, TimeProvider.System);
        opened.Failure!.Code.ShouldBe("gpio-chip-missing");
        opened.Failure.Message.ShouldContain("/dev/gpiochip250");
        opened.Failure.Message.ShouldContain("gpio.chip");
        opened.Value.ShouldBeNull();
    }

    [Fact]
    public void A_device_that_is_no_chip_is_refused() => Open("/dev/null").Code.ShouldBe("gpio-not-a-chip");

    [Fact]
    public void A_folder_is_refused() => Open("/dev").Code.ShouldBe("gpio-failed");

    [Fact]
    public void The_structures_have_the_sizes_that_the_kernel_expects()
    {
        Unsafe.SizeOf<Kernel.ChipInformation>().ShouldBe(68);
        Unsafe.SizeOf<Kernel.LineValues>().ShouldBe(16);
        Unsafe.SizeOf<Kernel.LineRequest>().ShouldBe(592);
    }

    [Theory]
    [InlineData(Kernel.GetChipInformation, 2u, 68u, 0x01u)]
    [InlineData(Kernel.GetLine, 3u, 592u, 0x07u)]
    [InlineData(Kernel.GetValues, 3u, 16u, 0x0Eu)]
    [InlineData(Kernel.SetValues, 3u, 16u, 0x0Fu)]
    public void The_requests_are_numbered_as_linux_gpio_h_numbers_them(uint request, uint direction, uint size, uint number)
        => request.ShouldBe((direction << 30) | (size << 16) | (0xB4u << 8) | number);
}
