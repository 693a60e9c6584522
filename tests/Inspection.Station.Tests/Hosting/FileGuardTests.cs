using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Station.Tests.Hosting;

public sealed class FileGuardTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-guard-");
    private readonly FakeTimeProvider _time = new();
    private readonly Interlock _interlock;
    private readonly FileGuard _guard;

    public FileGuardTests()
    {
        File.WriteAllText(Model, "weights");
        _interlock = new(_time, new FakeRelay(), new InterlockOptions(), _ => { });
        _interlock.SetObstacle(null);
        _interlock.Turn();
        _interlock.Start(Some.Person).ShouldBeNull();
        _guard = new([Model]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Model => Path.Combine(_folder.FullName, "model.onnx");

    [Fact]
    public void A_file_that_stays_or_is_only_touched_trips_nothing()
    {
        _guard.Look(_interlock);
        File.SetLastWriteTimeUtc(Model, DateTime.UnixEpoch);
        _guard.Look(_interlock);
        File.Copy(Model, Model + "2");
        File.Move(Model + "2", Model, overwrite: true);
        _guard.Look(_interlock);
        _interlock.State.ShouldBe(InterlockState.Running);
    }

    [Fact]
    public void A_file_with_another_content_trips_even_where_length_and_time_are_the_same()
    {
        var written = File.GetLastWriteTimeUtc(Model);
        File.WriteAllText(Model, "weightz");
        File.SetLastWriteTimeUtc(Model, written);
        _guard.Look(_interlock);
        _interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.ModelIntegrity);
        _interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
        _interlock.Start(Some.Person)!.Code.ShouldBe("files-changed", "what is on disk was not checked");
    }

    [Fact]
    public void A_file_that_is_gone_trips()
    {
        File.Delete(Model);
        _guard.Look(_interlock);
        _interlock.Snapshot.FirstOut!.Detail.ShouldContain("is gone or cannot be read");
    }

    [Fact]
    public void While_stopped_it_refuses_the_Start()
    {
        _interlock.Stop(Who.Anybody);
        File.AppendAllText(Model, "!");
        _guard.Look(_interlock);
        _interlock.State.ShouldBe(InterlockState.Stopped);
        _interlock.Start(Some.Person)!.Message.ShouldContain("start the station anew");
    }
}
