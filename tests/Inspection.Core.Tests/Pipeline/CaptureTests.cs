using Inspection.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Pipeline;

public sealed class CaptureTests : IDisposable
{
    private readonly Alarms _alarms = new(TimeProvider.System, (_, _) => { });
    private readonly List<ScriptedSource> _opened = [];
    private Capture? _capture;
    private long _triggered;

    private Capture Start(CaptureOptions? options = null, Func<ScriptedSource>? open = null)
    {
        _capture = new Capture(
            () =>
            {
                var source = open?.Invoke() ?? new ScriptedSource();
                lock (_opened) _opened.Add(source);
                return source;
            },
            part => Volatile.Write(ref _triggered, part.Timestamp), options ?? new CaptureOptions(), TimeProvider.System, _alarms, NullLogger.Instance);
        _capture.Start();
        return _capture;
    }

    private async Task<ScriptedSource> Source(int index = 0)
    {
        await Eventually.Holds(() => Count() > index);
        lock (_opened) return _opened[index];
    }

    private int Count()
    {
        lock (_opened) return _opened.Count;
    }

    private static async Task<FrameArrival> Until(Capture capture, ArrivalKind kind)
    {
        FrameArrival arrival = default;
        await Eventually.Holds(() => (arrival = capture.Take()).Kind == kind);
        return arrival;
    }

    public void Dispose() => _capture?.Dispose();

    [Fact]
    public async Task Frames_arrive_in_order_and_ownership_passes_to_the_taker()
    {
        var capture = Start();
        var source = await Source();
        var frames = new[] { Some.Frame(), Some.Frame(), Some.Frame() };
        foreach (var frame in frames) source.Give(frame);
        foreach (var frame in frames)
        {
            var arrival = await Until(capture, ArrivalKind.Frame);
            arrival.Frame.ShouldBeSameAs(frame);
            frame.Recycled.ShouldBeFalse();
            arrival.Frame!.Dispose();
            frame.Recycled.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Without_parts_the_loop_turns_on_Idle_within_50_ms_or_little_more()
    {
        var capture = Start();
        await Source();
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 10; i++) capture.Take().Kind.ShouldBe(ArrivalKind.Idle);
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_source_that_throws_is_made_anew_with_an_alarm_that_goes_when_it_lives_again()
    {
        var capture = Start();
        (await Source()).Do(() => throw new IOException("cable pulled"));
        await Eventually.Holds(() => _alarms.Active.Any(a => a.Code == "source-failed"));
        _alarms.Active[0].Message.ShouldBe("cable pulled");
        var second = await Source(1);
        _opened[0].Disposals.ShouldBe(1);
        second.Give(Some.Frame());
        (await Until(capture, ArrivalKind.Frame)).Frame!.Dispose();
        await Eventually.Holds(() => _alarms.Active.Count == 0);
    }

    [Fact]
    public async Task A_source_that_throws_while_it_opens_is_tried_again()
    {
        var tries = 0;
        var capture = Start(open: () => ++tries < 2 ? throw new IOException("no such camera") : new ScriptedSource());
        await Source();
        (await Until(capture, ArrivalKind.Idle)).Reason.ShouldBeNull();
        tries.ShouldBe(2);
    }

    [Fact]
    public async Task A_source_that_hangs_is_abandoned_and_what_it_yields_later_is_given_back()
    {
        using var hold = new ManualResetEventSlim();
        var late = Some.Frame();
        Start(new CaptureOptions { HungAfter = TimeSpan.FromMilliseconds(500) });
        (await Source()).Do(() =>
        {
            hold.Wait();
            return FrameArrival.Of(late);
        });
        await Source(1);
        _alarms.Active.ShouldContain(a => a.Code == "source-failed");
        hold.Set();
        await Eventually.Holds(() => late.Recycled);
        _capture!.TakeForgotten().ShouldBe(1);
    }

    [Fact]
    public async Task A_camera_without_a_sign_of_life_is_Lost_and_comes_back()
    {
        var capture = Start(new CaptureOptions { LostAfter = TimeSpan.FromMilliseconds(200) });
        var source = await Source();
        var dead = true;
        FrameArrival Pretend()
        {
            if (!dead) return FrameArrival.Idle(TimeSpan.Zero);
            source.Do(Pretend);
            return FrameArrival.Lost(TimeSpan.FromSeconds(1), "no answer");
        }
        source.Do(Pretend);
        (await Until(capture, ArrivalKind.Lost)).Reason.ShouldBe("no answer");
        dead = false;
        await Until(capture, ArrivalKind.Idle);
    }

    [Fact]
    public async Task A_source_that_answers_but_gives_no_sign_of_life_is_made_anew_with_an_alarm()
    {
        var capture = Start(new CaptureOptions { LostAfter = TimeSpan.FromMilliseconds(200), HungAfter = TimeSpan.FromMilliseconds(500) });
        var source = await Source();
        FrameArrival Silent()
        {
            source.Do(Silent);
            return FrameArrival.Idle(TimeSpan.FromSeconds(1));
        }
        source.Do(Silent);
        await Eventually.Holds(() => _alarms.Active.Any(a => a.Code == "source-failed"));
        var second = await Source(1);
        await Eventually.Holds(() => source.Disposals == 1);
        second.Give(Some.Frame());
        (await Until(capture, ArrivalKind.Frame)).Frame!.Dispose();
        await Eventually.Holds(() => _alarms.Active.Count == 0);
    }

    [Fact]
    public async Task Each_trigger_is_told_when_the_part_comes_or_where_parts_wait_for_room_when_it_is_taken()
    {
        var capture = Start();
        var frame = Some.Frame();
        (await Source()).Give(frame);
        await Eventually.Holds(() => Volatile.Read(ref _triggered) == frame.Trigger.Timestamp);
        capture.Dispose();

        var waiting = Start(open: () => new ScriptedSource { WaitsForRoom = true });
        Volatile.Write(ref _triggered, 0);
        (await Source(1)).Give(Some.Frame());
        using var taken = (await Until(waiting, ArrivalKind.Frame)).Frame!;
        Volatile.Read(ref _triggered).ShouldBe(taken.Trigger.Timestamp);
    }

    [Fact]
    public async Task A_full_channel_makes_missed_parts_that_are_counted_and_never_silent()
    {
        var capture = Start(new CaptureOptions { Capacity = 2 });
        var source = await Source();
        var frames = Enumerable.Range(0, 5).Select(_ => Some.Frame(trueLabel: "good")).ToArray();
        foreach (var frame in frames) source.Give(frame);
        await Eventually.Holds(() => capture.Overruns == 3);
        frames[2..].ShouldAllBe(f => f.Recycled);
        capture.Take().Frame!.Dispose();
        var later = Some.Frame();
        source.Give(later);
        foreach (var expected in frames[1..].Append(later))
        {
            using var taken = (await Until(capture, ArrivalKind.Frame)).Frame!;
            taken.Id.ShouldBe(expected.Id, "missed parts keep their place in the order");
            (taken.Unreadable is not null).ShouldBe(expected.Id != frames[1].Id && expected != later);
            taken.Trigger.ShouldBe(expected.Trigger);
            taken.TrueLabel.ShouldBe(expected.TrueLabel);
        }
    }

    [Fact]
    public async Task A_replay_waits_for_room_and_loses_nothing()
    {
        var capture = Start(new CaptureOptions { Capacity = 2 }, () => new ScriptedSource { WaitsForRoom = true });
        var source = await Source();
        for (var i = 0; i < 40; i++) source.Give(Some.Frame(origin: $"{i}"));
        for (var i = 0; i < 40; i++)
        {
            using var frame = (await Until(capture, ArrivalKind.Frame)).Frame!;
            frame.Origin.ShouldBe($"{i}");
        }
        capture.Overruns.ShouldBe(0);
        capture.Drained.ShouldBeFalse();
        source.Ended = true;
        await Eventually.Holds(() => capture.Drained);
    }

    [Fact]
    public async Task A_replay_that_waits_long_for_room_is_not_taken_for_a_hung_source_and_its_parts_are_not_late()
    {
        var options = new CaptureOptions { Capacity = 1, HungAfter = TimeSpan.FromMilliseconds(500) };
        var capture = Start(options, () => new ScriptedSource { WaitsForRoom = true });
        var source = await Source();
        for (var i = 0; i < 3; i++) source.Give(Some.Frame(origin: $"{i}"));
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.Holds(() => TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMilliseconds(900));
        for (var i = 0; i < 3; i++)
        {
            using var frame = (await Until(capture, ArrivalKind.Frame)).Frame!;
            frame.Origin.ShouldBe($"{i}");
            TimeProvider.System.GetElapsedTime(frame.Trigger.Timestamp).ShouldBeLessThan(TimeSpan.FromMilliseconds(900), "it was presented when it was taken");
        }
        Count().ShouldBe(1);
        _alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_that_is_stopped_leaves_what_waits_to_be_taken()
    {
        var capture = Start();
        var source = await Source();
        source.Give(Some.Frame());
        await AskedAgain(source);
        capture.StopSource();
        capture.Drained.ShouldBeFalse();
        capture.Take().Frame!.Dispose();
        capture.Drained.ShouldBeTrue();
        await Eventually.Holds(() => source.Disposals == 1);
    }

    [Fact]
    public async Task Hung_sources_are_left_behind_only_three_times()
    {
        using var hold = new ManualResetEventSlim();
        var opened = 0;
        var time = new FakeTimeProvider();
        var capture = new Capture(
            () =>
            {
                Interlocked.Increment(ref opened);
                hold.Wait();
                return new ScriptedSource();
            },
            static _ => { }, new CaptureOptions(), time, _alarms, NullLogger.Instance);
        capture.Start();
        var rounds = 0;
        await Eventually.Holds(() =>
        {
            time.Advance(TimeSpan.FromSeconds(31));
            return Volatile.Read(ref opened) == 3 && ++rounds > 50;
        }, TimeSpan.FromSeconds(30));
        Volatile.Read(ref opened).ShouldBe(3);
        capture.Dispose();
        hold.Set();
    }

    [Fact]
    public async Task Frames_that_wait_when_it_stops_are_given_back()
    {
        var capture = Start();
        var source = await Source();
        var frames = new[] { Some.Frame(), Some.Frame() };
        foreach (var frame in frames) source.Give(frame);
        await AskedAgain(source);
        capture.Take().Frame!.Dispose();
        capture.Dispose();
        await Eventually.Holds(() => source.Disposals == 1);
        frames.ShouldAllBe(f => f.Recycled);
        capture.TakeForgotten().ShouldBe(1);
    }

    /// <summary>Waits until the source is asked for more, so that all it gave before is in the channel.</summary>
    private static async Task AskedAgain(ScriptedSource source)
    {
        var asked = false;
        source.Do(() =>
        {
            Volatile.Write(ref asked, true);
            return FrameArrival.Idle(TimeSpan.Zero);
        });
        await Eventually.Holds(() => Volatile.Read(ref asked));
    }
}
