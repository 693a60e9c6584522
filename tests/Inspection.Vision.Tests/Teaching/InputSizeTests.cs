namespace Inspection.Vision.Tests.Teaching;

public sealed class InputSizeTests
{
    [Theory]
    [InlineData(300, 300, 256, 256)]
    [InlineData(640, 480, 288, 224)]
    [InlineData(4000, 3000, 288, 224)]
    [InlineData(576, 768, 224, 288)]
    public void The_default_has_the_photos_shape_and_about_65_000_pixels(int width, int height, int w, int h)
        => InputSize.For(width, height).ShouldBe(new InputSize(w, h));

    [Theory]
    [InlineData(1130, 460, null, 416, 160)]
    [InlineData(1130, 460, 40.0, 416, 160)]
    [InlineData(1130, 460, 16.0, 576, 256)]
    [InlineData(1130, 460, 8.0, 1024, 448)]
    [InlineData(1130, 460, 1.0, 1024, 448)]
    [InlineData(300, 300, 4.0, 288, 288)]
    [InlineData(4000, 3000, 100.0, 320, 256)]
    public void A_small_defect_makes_it_larger_up_to_the_photos_own_size(int width, int height, double? defect, int w, int h)
        => InputSize.For(width, height, defect).ShouldBe(new InputSize(w, h));

    [Fact]
    public void Any_photo_gets_an_allowed_size()
    {
        foreach (var (width, height) in ((int, int)[])[(1, 1), (10_000, 10), (10, 10_000), (1130, 460), (1920, 1080)])
        {
            var size = InputSize.For(width, height);
            size.IsAllowed.ShouldBeTrue($"{width} × {height} gave {size}");
            ((double)size.Width * size.Height).ShouldBeInRange(40_000, 100_000);
        }
    }

    [Theory]
    [InlineData("640x256", 640, 256)]
    [InlineData("64X1024", 64, 1024)]
    public void A_typed_size_is_read(string text, int width, int height)
        => InputSize.Parse(text).Value.ShouldBe(new InputSize(width, height));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("256")]
    [InlineData("256x")]
    [InlineData("250x256")]
    [InlineData("32x256")]
    [InlineData("256x1056")]
    [InlineData("-256x256")]
    [InlineData("256x256x3")]
    public void Anything_else_is_refused_with_what_is_allowed(string? text)
        => InputSize.Parse(text).Failure.ShouldNotBeNull().Message.ShouldContain("multiples of 32");
}
