namespace Inspection.Faults.Tests;

/// <summary>The table on the kernel's GPIO interface, in an emulated machine.</summary>
public sealed class GuestFaultTests(ITestOutputHelper output)
{
    /// <summary>One of each way in which the relay opens, and one that must not matter.</summary>
    private static readonly string[] Few = ["killed", "stopped", "infinite-loop", "e-stop-cut", "chip-gone", "ledger-full", "late-frame"];

    [Fact]
    [Trait("Long", "faults")]
    public void On_the_kernels_own_GPIO_interface_faults_open_the_relay_in_time_or_do_not_matter()
    {
        if (Guest.Missing() is { } missing) Assert.Skip($"NOTHING WAS SHOWN ON THE KERNEL'S GPIO INTERFACE: {missing}");
        Guest.Make();
        var machine = TablePage.Machine();
        using var guest = new Guest();
        var rows = new List<Row>();
        foreach (var fault in FaultTable.All.Where(fault => Repository.IsLong || Few.Contains(fault.Name)))
        {
            rows.Add(guest.Try(fault));
            output.WriteLine(rows[^1].ToString());
        }
        guest.Refusals().ShouldBe(["gpio-line-busy", "gpio-no-permission", "Running"], "a second program, one without the right to the chip, and the station itself");
        if (Repository.IsLong)
        {
            var table = TablePage.Table(rows, inGuest: true);
            foreach (var line in table) Console.WriteLine(line);
            TablePage.Write("kernel's GPIO", [$"Measured on {machine}; in the guest `interlock.loopDeadline` is {guest.LoopDeadline} ms.", .. table]);
        }
        rows.Where(row => row.Wrong is not null).Select(row => $"{row.Fault}: {row.Wrong}").ShouldBeEmpty();
    }
}
