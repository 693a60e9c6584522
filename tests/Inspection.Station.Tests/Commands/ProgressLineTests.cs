using Inspection.Station.CommandLine;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Station.Tests.Commands;

public sealed class ProgressLineTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _said = new() { NewLine = "\n" };

    public void Dispose() => _said.Dispose();

    [Fact]
    public void In_a_log_each_step_is_told_as_it_begins_and_its_count_every_ten_seconds()
    {
        using (var line = new ProgressLine(_said, isTerminal: false, _time))
            for (var photo = 0; photo < 100; photo++)
            {
                line.Tell("see", photo, 100);
                if (photo == 50) line.Tell("score", 0, 10);
                if (photo == 50) line.Tell("see", 50, 100);
                _time.Advance(TimeSpan.FromSeconds(0.25));
            }
        _said.ToString().ShouldBe("see …\nsee 40 of 100\nscore …\nsee 50 of 100\nsee 90 of 100\n");
    }

    [Fact]
    public void On_a_terminal_one_line_changes_and_is_gone_at_the_end()
    {
        using (var line = new ProgressLine(_said, isTerminal: true, _time))
            for (var photo = 1; photo <= 4; photo++)
            {
                line.Tell("see", photo, 412);
                _time.Advance(TimeSpan.FromMilliseconds(60));
            }
        const string clear = "\r\u001b[K";
        _said.ToString().ShouldBe($"{clear}see 1 of 412{clear}see 3 of 412{clear}");
    }
}
