using Inspection.Core;

namespace Inspection.Vision.Tests.Teaching;

public sealed class NewFolderTests : IDisposable
{
    private readonly TeachingFolder _folder = new();

    private string Version => _folder.PathOf("part/1");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_being_written_is_refused_to_a_second_one_and_stays_whole()
    {
        using (var first = Begin().Value.ShouldNotBeNull())
        {
            first.Write("model.onnx", "first"u8);
            Begin().Failure.ShouldNotBeNull().Code.ShouldBe("teach-under-way");
            NewFolder.Refuse(Version).ShouldNotBeNull().Message.ShouldContain("is being taught already");
            NewFolder.Refuse(_folder.PathOf("part/10")).ShouldBeNull("another version");
            first.Finish().ShouldBeNull();
        }
        Directory.EnumerateFileSystemEntries(_folder.PathOf("part")).ShouldBe([Version]);
        File.ReadAllText(Path.Combine(Version, "model.onnx")).ShouldBe("first");
        Begin().Failure.ShouldNotBeNull().Code.ShouldBe("teach-out-exists");
    }

    [Fact]
    public async Task Of_several_that_begin_at_once_each_says_how_it_ended_and_one_folder_stands_whole()
    {
        for (var round = 0; round < 20; round++)
        {
            var path = _folder.PathOf($"race/{round}");
            using var together = new Barrier(4);
            var ends = await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait(TestContext.Current.CancellationToken);
                    var begun = NewFolder.Begin(path, TimeProvider.System);
                    if (!begun.Succeeded) return begun.Failure;
                    using var folder = begun.Value;
                    folder.Write("model.onnx", [(byte)writer]);
                    folder.Write("model.json", [(byte)writer]);
                    return folder.Finish();
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            ends.OfType<Failure>().ShouldAllBe(f => f.Code == "teach-under-way" || f.Code == "teach-out-exists");
            ends.Count(e => e is null).ShouldBe(1, string.Join("; ", ends.OfType<Failure>()));
            var done = Array.IndexOf(ends, null);
            foreach (var file in (string[])["model.onnx", "model.json"]) File.ReadAllBytes(Path.Combine(path, file)).ShouldBe([(byte)done]);
            Directory.EnumerateFileSystemEntries(_folder.PathOf("race")).Count().ShouldBe(round + 1);
        }
    }

    [Fact]
    public void A_file_that_vanished_is_no_success()
    {
        using var folder = Begin().Value.ShouldNotBeNull();
        folder.Write("model.onnx", "model"u8);
        File.Delete(Path.Combine(folder.Aside, "model.onnx"));
        Should.Throw<IOException>(() => folder.Finish()).Message.ShouldContain("model.onnx has vanished");
        Directory.Exists(Version).ShouldBeFalse();
    }

    [Fact]
    public void What_is_given_up_leaves_nothing_not_even_the_folder_of_versions_unless_it_was_there()
    {
        Begin().Value.ShouldNotBeNull().Dispose();
        Directory.Exists(_folder.PathOf("part")).ShouldBeFalse();
        Directory.CreateDirectory(_folder.PathOf("part"));
        Begin().Value.ShouldNotBeNull().Dispose();
        Directory.Exists(_folder.PathOf("part")).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_teachings_to_one_place_at_once_leave_one_whole_model_and_one_that_says_why_not()
    {
        _folder.With(photos: 5);
        using var together = new Barrier(2);
        // Both have learnt when the first begins to write.
        Outcome<TaughtModel> Teach() => new Teacher(TimeProvider.System).Teach(_folder.Request(), new Evaluation.Told<TeachProgress>(p =>
        {
            if (p is { Step: TeachStep.Write, Done: 0 }) together.SignalAndWait(TestContext.Current.CancellationToken);
        }));
        var ends = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(Teach, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        ends.Count(e => e.Succeeded).ShouldBe(1, string.Join("; ", ends.Select(e => e.Failure?.Message)));
        ends.Single(e => !e.Succeeded).Failure!.Code.ShouldBeOneOf("teach-under-way", "teach-out-exists");
        using var loaded = ModelFolder.Load(Version).Value.ShouldNotBeNull();
        Directory.EnumerateFileSystemEntries(_folder.PathOf("part")).ShouldBe([Version]);
    }

    private Outcome<NewFolder> Begin() => NewFolder.Begin(Version, TimeProvider.System);
}
