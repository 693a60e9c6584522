using System.Globalization;
using System.Text;
using Inspection.Station.Commissioning;

namespace Inspection.Station.Tests.Commissioning;

public class CheckPageTests
{
    private static string Page(string name) => File.ReadAllText(Path.Combine(StationBox.Repository, "hardware", name));

    [Fact]
    public void The_pages_table_is_the_list_of_checks()
    {
        CheckList.All.Select(check => check.Number).ShouldBe(Enumerable.Range(1, 20));
        var table = new StringBuilder("| no. | check | expected |\n|---|---|---|\n");
        Stage? stage = null;
        foreach (var check in CheckList.All)
        {
            if (stage != check.Stage) table.Append(CultureInfo.InvariantCulture, $"| | **{Title(check.Stage)}** | |\n");
            stage = check.Stage;
            table.Append(CultureInfo.InvariantCulture, $"| {check.Number} | {check.What} | {check.Expected} |\n");
        }
        Page("README.md").ShouldContain(table.ToString());
    }

    [Fact]
    public void The_page_that_shows_a_walk_shows_every_check_as_it_is()
    {
        var page = Page("commissioning.md");
        foreach (var check in CheckList.All) page.ShouldContain($"Check {check.Number}: {check.What}\n  expected: {check.Expected}\n");
    }

    private static string Title(Stage stage) => stage switch
    {
        Stage.NoVoltage => "no voltage",
        Stage.Unplugged => "24 V on, wires to the PC unplugged",
        Stage.StationStopped => "wires plugged, station stopped",
        _ => "station running",
    };
}
