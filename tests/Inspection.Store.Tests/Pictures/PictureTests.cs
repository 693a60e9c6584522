using System.Security.Cryptography;
using System.Text.Json;
using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Store.Tests;

public sealed class PictureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_picture_is_on_disk_with_its_hash_before_its_entry_is_told()
    {
        await using var box = new Box();
        box.Open();
        var onDiskWhenTold = false;
        var part = new PicturedPart(box, () => [1, 2, 3]);
        part.Told = () => onDiskWhenTold = File.Exists(Path.Combine(box.Pictures, part.Request.Path!));
        await part.AppendAsync();

        onDiskWhenTold.ShouldBeTrue();
        var day = MessageSchema.Time(part.Draft.At)[..10];
        part.Image.GetProperty("path").GetString().ShouldBe($"{day}/{part.FrameId}.jpg");
        part.Image.GetProperty("bytes").GetInt64().ShouldBe(3);
        part.Image.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])));
        (await File.ReadAllBytesAsync(Path.Combine(box.Pictures, part.Request.Path!))).ShouldBe([1, 2, 3]);
        part.Frame.Recycled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_late_picture_is_missed_by_its_entry_holds_up_no_other_and_is_deleted()
    {
        await using var box = new Box();
        box.Open();
        using var encode = new ManualResetEventSlim();
        var late = new PicturedPart(box, () =>
        {
            encode.Wait(TimeSpan.FromSeconds(20));
            return [1];
        });
        var appended = box.Time.GetTimestamp();
        box.Ledger.TryAppend(late.Draft).ShouldBeTrue();
        var other = (await box.AppendAsync(1))[0];
        var otherAfter = box.Time.GetElapsedTime(appended);
        await Eventually.Holds(() => box.Ledger.Last.Position == 2);

        other.Durable!.Value.Position.ShouldBe(1, "it did not wait");
        otherAfter.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        late.Body.GetProperty("image").ValueKind.ShouldBe(JsonValueKind.Null);
        late.Body.GetProperty("imageReason").GetString().ShouldBe("late");
        late.Draft.Releases.ShouldBe(0, "the frame is still being encoded");
        late.Frame.Recycled.ShouldBeFalse();
        encode.Set();
        await late.Draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
        late.Draft.Releases.ShouldBe(1);
        late.Frame.Recycled.ShouldBeTrue();
        Directory.GetFiles(box.Pictures, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_entry_waits_200_ms_for_its_picture_and_not_one_more()
    {
        var time = Box.Clock();
        await using var box = new Box(time);
        box.Open();
        using var encode = new ManualResetEventSlim();
        var late = new PicturedPart(box, () =>
        {
            encode.Wait(TimeSpan.FromSeconds(60));
            return [1];
        });
        box.Ledger.TryAppend(late.Draft).ShouldBeTrue();
        time.Advance(TimeSpan.FromMilliseconds(199));
        // The writer looks at what waits for a picture before each batch.
        for (var i = 0; i < 5; i++) await box.AppendAsync(1);
        box.Ledger.Last.Position.ShouldBe(5, "the sixth still waits");
        box.Ledger.Pending.ShouldBe(1);

        time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.Holds(() => box.Ledger.Last.Position == 6);
        late.Body.GetProperty("imageReason").GetString().ShouldBe("late");
        encode.Set();
        await late.Draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_picture_that_fails_is_told_by_its_entry_and_an_alarm_that_goes_with_the_next_good_one()
    {
        await using var box = new Box();
        box.Open();
        var bad = new PicturedPart(box, () => throw new IOException("No space left on device"));
        await bad.AppendAsync();
        bad.Body.GetProperty("imageReason").GetString().ShouldBe("failed");
        await Eventually.Holds(() => box.Raised("pictures-failed"));
        bad.Draft.Releases.ShouldBe(1);

        var good = new PicturedPart(box, () => [1]);
        await good.AppendAsync();
        good.Image.ValueKind.ShouldBe(JsonValueKind.Object);
        await Eventually.Holds(() => box.Alarms.Active.Count == 0);
    }

    [Fact]
    public async Task Pictures_beyond_what_can_be_under_way_are_busy_and_their_entries_do_not_wait()
    {
        await using var box = new Box();
        box.Open();
        using var encode = new ManualResetEventSlim();
        var parts = Enumerable.Range(0, 20).Select(_ => new PicturedPart(box, () =>
        {
            encode.Wait(TimeSpan.FromSeconds(20));
            return [1];
        })).ToList();
        foreach (var part in parts) box.Ledger.TryAppend(part.Draft).ShouldBeTrue();
        await Eventually.Holds(() => box.Ledger.Last.Position == 20);
        encode.Set();
        foreach (var part in parts) await part.Draft.Released.WaitAsync(TimeSpan.FromSeconds(10));

        parts.Count(p => p.Request.Missing == "busy").ShouldBe(4);
        parts.Count(p => p.Request.Missing == "late").ShouldBe(16);
        parts.ShouldAllBe(p => p.Draft.Releases == 1 && p.Frame.Recycled);
    }

    /// <summary>A part with a picture, made as the pipeline makes it.</summary>
    private sealed class PicturedPart
    {
        private readonly Box _box;

        public PicturedPart(Box box, Func<byte[]> encode)
        {
            _box = box;
            Frame = new EncodedFrame(new FrameDescription(
                Identifiers.New(box.Time), Some.Trigger(box.Time), "camera1", Noon, Simulated: true, Generated: true), encode);
            FrameId = Frame.Id;
            Request = new PictureRequest();
            Request.Begin(Frame, new PictureRules(), PictureRequest.LongestWait, () => { });
            Draft = new PictureDraft(box.Time, Request, () => Told?.Invoke());
            Frame.Dispose();
        }

        public EncodedFrame Frame { get; }

        public Guid FrameId { get; }

        public PictureRequest Request { get; }

        public PictureDraft Draft { get; }

        public Action? Told { get; set; }

        public JsonElement Body => _box.All().Select(Box.Json).Single(b => b.TryGetProperty("frameId", out var id) && id.GetGuid() == FrameId);

        public JsonElement Image => Body.GetProperty("image");

        public async Task AppendAsync()
        {
            _box.Ledger.TryAppend(Draft).ShouldBeTrue();
            await Draft.Released.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    private sealed class PictureDraft : EntryDraft
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Action _told;
        private readonly Guid _frameId;
        private int _releases;

        public PictureDraft(TimeProvider time, PictureRequest picture, Action told)
        {
            (At, Timestamp, Picture, _told) = (time.GetUtcNow(), time.GetTimestamp(), picture, told);
            _frameId = picture.Frame!.Id;
        }

        public override EntryKind Kind => EntryKind.Inspection;

        public int Releases => Volatile.Read(ref _releases);

        public Task Released => _released.Task;

        public override void WriteBody(Utf8JsonWriter json, in EntryNumbers numbers)
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", numbers.Sequence);
            json.WriteString("frameId", _frameId);
            if (Picture!.Path is { } path)
            {
                json.WriteStartObject("image");
                json.WriteString("path", path);
                json.WriteString("sha256", Picture.Sha256);
                json.WriteNumber("bytes", Picture.Bytes);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("image");
                json.WriteString("imageReason", Picture.Missing);
            }
            json.WriteEndObject();
        }

        public override void OnDurable(in EntryNumbers numbers) => _told();

        public override void Release()
        {
            Interlocked.Increment(ref _releases);
            Picture!.ReleaseFrame();
            _released.TrySetResult();
        }
    }

    private sealed class EncodedFrame : Frame
    {
        private readonly Func<byte[]> _encode;
        private int _recycled;

        public EncodedFrame(in FrameDescription description, Func<byte[]> encode)
        {
            _encode = encode;
            Begin(description);
        }

        public bool Recycled => Volatile.Read(ref _recycled) == 1;

        public override int Width => 64;

        public override int Height => 48;

        public override byte[] Encode(PictureFormat format, int maxBytes, Overlay? overlay = null) => _encode();

        protected override void Recycle() => Volatile.Write(ref _recycled, 1);
    }
}
