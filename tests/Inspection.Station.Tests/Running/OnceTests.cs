using Inspection.Testing;
using OpenCvSharp;

namespace Inspection.Station.Tests.Running;

public sealed class OnceTests
{
    [Fact]
    public async Task A_foreign_subscriber_receives_exactly_what_the_ledger_holds_one_verdict_a_photo()
    {
        using var box = new StationBox();
        box.WritePhotos(40);
        File.WriteAllBytes(Path.Combine(box.Photos, "photo010b.png"), []);
        File.WriteAllText(Path.Combine(box.Photos, "photo020b.png"), "this is text");
        var whole = File.ReadAllBytes(Path.Combine(box.Photos, "photo000.png"));
        File.WriteAllBytes(Path.Combine(box.Photos, "photo030b.png"), whole[..(whole.Length / 2)]);

        await using var station = StationProcess.Start(box.Run("--source", "folder:" + box.Photos, "--once", "--json"));
        await station.ReadyAsync();
        await using var subscriber = new MosquittoSub(box.Mqtt, "mes");
        (await station.ExitAsync()).ShouldBe(0, station.Said);

        var ledger = box.Verdicts();
        ledger.Count.ShouldBe(43);
        ledger.Select(StationBox.Sequence).ShouldBe(Enumerable.Range(1, 43).Select(n => (long)n));
        await Eventually.Holds(() => subscriber.Lines.Count >= 43);
        subscriber.Lines.ShouldBe(ledger);
        var unreadable = ledger.Where(v => StationBox.Member(v, "verdict").GetString() == "Indeterminate").ToList();
        unreadable.Count.ShouldBe(3);
        unreadable.ShouldAllBe(v => StationBox.Member(v, "reason").GetString() == "unreadable-frame");
        unreadable.ShouldAllBe(v => StationBox.Member(v, "detail").GetString()!.Contains("0b.png"));
        StationBox.Member(await station.OutputAsync(), "verdicts").GetInt64().ShouldBe(43);
    }

    [Fact]
    public async Task Without_a_subscriber_the_verdicts_wait_for_a_first_one_and_arrive_at_the_next_start()
    {
        using var box = new StationBox();
        box.WritePhotos(5);
        var (exit, said, _) = await StationProcess.RunAsync(box.Run("--source", "folder:" + box.Photos, "--once"));
        exit.ShouldBe(0, said);
        said.ShouldContain("5 verdicts wait for a first subscriber");

        await using var station = StationProcess.Start(box.Run("--source", "folder:" + box.Photos));
        await station.ReadyAsync();
        await using var subscriber = new MosquittoSub(box.Mqtt, "late");
        await Eventually.Holds(() => subscriber.Lines.Count >= 5, TimeSpan.FromSeconds(20));
        subscriber.Lines.Take(5).Select(StationBox.Sequence).ShouldBe([1L, 2, 3, 4, 5]);
        (await station.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_video_is_played_once_one_verdict_a_picture()
    {
        using var box = new StationBox();
        box.WritePhotos(12);
        await using var station = StationProcess.Start(box.Run("--source", "video:" + box.WriteVideo(), "--once", "--json"));
        await station.ReadyAsync();
        await using var subscriber = new MosquittoSub(box.Mqtt, "mes");
        (await station.ExitAsync()).ShouldBe(0, station.Said);
        box.Verdicts().Select(StationBox.Sequence).ShouldBe(Enumerable.Range(1, 12).Select(n => (long)n));
        StationBox.Member(await station.OutputAsync(), "verdicts").GetInt64().ShouldBe(12);
    }

    [Fact]
    public async Task A_disk_that_fills_ends_it_with_exit_1_and_the_number_of_verdicts_that_are_not_stored()
    {
        using var box = new StationBox();
        WriteLargePhotos(box, 100);
        await using var station = StationProcess.StartOnDiskThatCanFill(box.Run("--source", "folder:" + box.Photos, "--once", "--json"));
        await station.ReadyAsync();
        await station.FillDiskAsync();
        (await station.ExitAsync()).ShouldBe(1, station.Said);
        station.Said.ShouldContain("verdicts could not be stored. Check the disk.");
        var report = await station.OutputAsync();
        StationBox.Member(report, "notStored").GetInt64().ShouldBeGreaterThan(0);
        StationBox.Member(report, "verdicts").GetInt64().ShouldBeGreaterThan(0);
        box.Verify().FirstBad.ShouldBeNull();
    }

    /// <summary>Photos that take some milliseconds each to be read, so that a run of them is not over at once.</summary>
    private static void WriteLargePhotos(StationBox box, int count)
    {
        using var noise = new Mat(900, 1200, MatType.CV_8UC3);
        Cv2.Randu(noise, Scalar.All(60), Scalar.All(180));
        var photo = Path.Combine(box.Root, "large.png");
        Cv2.ImWrite(photo, noise).ShouldBeTrue();
        for (var i = 0; i < count; i++) File.CreateSymbolicLink(Path.Combine(box.Photos, $"large{i:D3}.png"), photo);
    }

    [Fact]
    public async Task A_dark_a_bright_and_a_sound_photo_are_told_apart()
    {
        using var box = new StationBox(threshold: 0.7f);
        box.WritePhotos(1);
        File.Move(Path.Combine(box.Photos, "photo000.png"), Path.Combine(box.Photos, "a-sound.png"));
        box.WritePhotos(1, brightness: 190);
        File.Move(Path.Combine(box.Photos, "photo000.png"), Path.Combine(box.Photos, "b-bright.png"));
        box.WritePhotos(1, brightness: -60);
        File.Move(Path.Combine(box.Photos, "photo000.png"), Path.Combine(box.Photos, "c-black.png"));
        await using var station = StationProcess.Start(box.Run("--source", "folder:" + box.Photos, "--once"));
        await station.ReadyAsync();
        await using var subscriber = new MosquittoSub(box.Mqtt, "mes");
        (await station.ExitAsync()).ShouldBe(0, station.Said);
        // An entry waits for its picture and may be overtaken by the next part's, so they are told apart by their files.
        box.Verdicts().OrderBy(v => StationBox.Member(v, "detail").GetString(), StringComparer.Ordinal).Select(v => $"{StationBox.Member(v, "verdict")} {StationBox.Member(v, "reason")}")
            .ShouldBe(["Pass within-threshold", "Reject above-threshold", "Indeterminate dark-frame"]);
    }
}
