namespace Inspection.Store.Tests;

public sealed class StoreOptionsTests
{
    [Fact]
    public void The_defaults_are_in_range() => new StoreOptions().Errors().ShouldBeEmpty();

    [Fact]
    public void All_that_is_out_of_range_is_told_together_with_its_range()
    {
        var errors = new StoreOptions { Retention = TimeSpan.Zero, MaxDiskShare = double.NaN, PictureRetention = TimeSpan.FromDays(4000), MaxPictureBytes = 5, Queue = 1 }
            .Errors().ToList();
        errors.Select(e => e.Name).ShouldBe(["store.retention", "store.maxDiskShare", "store.pictureRetention", "store.maxPictureBytes", "store.queue"]);
        errors.ShouldAllBe(e => e.Allowed.Length > 0);
    }
}
