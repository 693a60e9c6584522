using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Store;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Station.Tests.Hosting;

public sealed class RelayWearTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-relay-");
    private readonly FakeTimeProvider _time = new();
    private readonly Alarms _alarms;

    public RelayWearTests() => _alarms = new(_time, (_, _) => { });

    public void Dispose() => _folder.Delete(recursive: true);

    private string File => Path.Combine(_folder.FullName, "relay.json");

    private Interlock Interlock(bool? contact = null)
    {
        var interlock = new Interlock(_time, new FakeRelay { PulledIn = contact }, new InterlockOptions(), _ => { });
        interlock.SetObstacle(null);
        return interlock;
    }

    private void StartAndStop(Interlock interlock)
    {
        _time.Advance(TimeSpan.FromMilliseconds(10));
        interlock.Turn();
        interlock.Start(Some.Person).ShouldBeNull();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            interlock.Turn();
            interlock.TryBeat();
        }
        interlock.Stop(Who.Anybody).ShouldBeNull();
    }

    [Fact]
    public void Each_pull_in_counts_once_and_the_count_outlives_the_process()
    {
        var first = Interlock();
        var wear = RelayWear.Open(File, 100, first, _alarms, _time).Value!;
        StartAndStop(first);
        StartAndStop(first);
        first.RelayCycles.ShouldBe(2);
        wear.Look();
        var second = Interlock();
        var next = RelayWear.Open(File, 100, second, _alarms, _time).Value!;
        second.RelayCycles.ShouldBe(2);
        StartAndStop(second);
        next.Look();
        new RelayFile(File).Load().Value!.Cycles.ShouldBe(3);
        _alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public void The_rated_life_raises_an_alarm_at_once_and_at_each_start()
    {
        new RelayFile(File).Save(new(99, null, null));
        var interlock = Interlock();
        var wear = RelayWear.Open(File, 100, interlock, _alarms, _time).Value!;
        _alarms.Active.ShouldBeEmpty();
        StartAndStop(interlock);
        wear.Look();
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("relay-worn");
        _alarms.Clear("relay-worn");
        RelayWear.Open(File, 100, Interlock(), _alarms, _time).Succeeded.ShouldBeTrue();
        _alarms.Active.ShouldHaveSingleItem().Message.ShouldBe("The relay has pulled in 100 times; it is rated for 100.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"schema":1,"cycles":-5}""")]
    [InlineData("""{"schema":1,"cycles":1,"more":2}""")]
    public void A_count_that_cannot_be_read_begins_anew_and_says_so(string content)
    {
        System.IO.File.WriteAllText(File, content);
        var interlock = Interlock();
        RelayWear.Open(File, 100, interlock, _alarms, _time).Succeeded.ShouldBeTrue();
        interlock.RelayCycles.ShouldBe(0);
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("relay-cycles-unknown");
        _folder.GetFiles("relay.json.unreadable-*").ShouldHaveSingleItem().Length.ShouldBe(content.Length, "what could not be read is kept");

        _alarms.Clear("relay-cycles-unknown");
        StartAndStop(interlock);
        RelayWear.Open(File, 100, Interlock(), _alarms, _time).Value!.Look();
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("relay-cycles-unknown", "until somebody tells of an exchange");
        new RelayFile(File).Save(new(0, _time.GetUtcNow(), "Ada"));
        _alarms.Clear("relay-cycles-unknown");
        RelayWear.Open(File, 100, Interlock(), _alarms, _time).Succeeded.ShouldBeTrue();
        _alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_of_a_newer_program_is_left_alone()
    {
        System.IO.File.WriteAllText(File, """{"schema":9,"cycles":5}""");
        RelayWear.Open(File, 100, Interlock(), _alarms, _time).Failure!.Code.ShouldBe("relay-newer");
    }

    [Fact]
    public void A_disk_that_takes_nothing_loses_no_cycle()
    {
        var interlock = Interlock();
        var wear = RelayWear.Open(File, 100, interlock, _alarms, _time).Value!;
        StartAndStop(interlock);
        Directory.CreateDirectory(File);
        wear.Look();
        Directory.Delete(File);
        wear.Look();
        new RelayFile(File).Load().Value!.Cycles.ShouldBe(1);
    }
}
