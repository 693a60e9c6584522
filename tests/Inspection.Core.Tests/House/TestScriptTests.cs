namespace Inspection.Core.Tests.House;

public sealed class TestScriptTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private Ended Run(string[]? with = null, params string[] arguments) => _sandbox.Run("tests/run.sh", with, arguments);

    private void Program(string name, int total, int failed = 0, int skipped = 0, int errors = 0, string also = "")
        => _sandbox.TestProgram(name, $"""
            {also}
            echo "   {name}  Total: {total}, Errors: {errors}, Failed: {failed}, Skipped: {skipped}, Not Run: 0, Time: 0.1s"
            exit {(failed + errors > 0 ? 1 : 0)}
            """);

    [Fact]
    public void The_last_line_counts_every_project_and_the_codes_form()
    {
        Program("A.Tests", 5);
        Program("B.Tests", 7, skipped: 2);
        var ended = Run();
        ended.LastLine.ShouldBe("11 passed, 0 failed, 2 skipped");
        ended.Code.ShouldBe(0);
    }

    [Fact]
    public void Failures_and_errors_are_counted_and_end_it_badly()
    {
        Program("A.Tests", 5, failed: 1, errors: 1);
        Program("B.Tests", 1);
        var ended = Run();
        ended.LastLine.ShouldBe("5 passed, 2 failed, 0 skipped");
        ended.Code.ShouldNotBe(0);
    }

    [Fact]
    public void A_skip_is_shown_with_its_reason()
    {
        Program("A.Tests", 2, skipped: 1, also: "echo '    A.Photos [SKIP]'; echo '      no photos here'");
        Run().Error.ShouldContain("no photos here");
    }

    [Fact]
    public void A_test_program_that_dies_is_a_failure()
    {
        Program("A.Tests", 3);
        _sandbox.TestProgram("B.Tests", "echo starting; exit 134");
        var ended = Run();
        ended.LastLine.ShouldBe("4 passed, 1 failed, 0 skipped");
        ended.Error.ShouldContain("B.Tests ended with exit code 134");
        ended.Code.ShouldNotBe(0);
    }

    [Fact]
    public void A_test_program_that_is_not_there_is_a_failure()
    {
        _sandbox.Write("tests/A.Tests/A.Tests.csproj", "");
        var ended = Run();
        ended.LastLine.ShouldBe("1 passed, 1 failed, 0 skipped");
        ended.Code.ShouldNotBe(0);
    }

    [Fact]
    public void A_test_program_without_a_test_is_a_failure()
    {
        Program("A.Tests", 3);
        _sandbox.TestProgram("B.Tests", "echo '   B.Tests  Total: 0'");
        var ended = Run();
        ended.LastLine.ShouldBe("4 passed, 1 failed, 0 skipped");
        ended.Code.ShouldNotBe(0);
    }

    [Fact]
    public void A_build_that_fails_runs_nothing()
    {
        Program("A.Tests", 3);
        var ended = Run(["BUILD_FAILS=1"]);
        ended.LastLine.ShouldBe("0 passed, 1 failed, 0 skipped");
        ended.Code.ShouldNotBe(0);
    }

    [Fact]
    public void Code_in_another_form_is_a_failure_that_says_how_to_repair_it()
    {
        Program("A.Tests", 3);
        var ended = Run(["FORMAT_FAILS=1"]);
        ended.LastLine.ShouldBe("3 passed, 1 failed, 0 skipped");
        ended.Error.ShouldContain("dotnet format Inspection.sln");
    }

    [Fact]
    public void A_long_test_runs_alone_with_its_full_count_and_only_where_it_is()
    {
        _sandbox.Write("tests/A.Tests/Soak.cs", "[Fact, Trait(\"Long\", \"soak\")]");
        Program("A.Tests", 1, also: "echo \"long $INSPECTION_LONG $*\"");
        _sandbox.TestProgram("B.Tests", "echo '   B.Tests  Total: 0'");
        var ended = Run(null, "--long", "soak");
        ended.Error.ShouldContain("long soak");
        ended.Error.ShouldContain("-trait Long=soak");
        ended.LastLine.ShouldBe("1 passed, 0 failed, 0 skipped");
        ended.Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("--long", "fuzz")]
    [InlineData("--long")]
    [InlineData("--long", "so.k")]
    [InlineData("nonsense")]
    public void An_unknown_name_lists_the_names(params string[] arguments)
    {
        _sandbox.Write("tests/A.Tests/Soak.cs", "[Fact, Trait(\"Long\", \"soak\")] [Fact, Trait(\"Long\", \"faults\")]");
        var ended = Run(null, arguments);
        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain("faults soak");
    }

    [Fact]
    public void Every_missing_package_is_told_and_its_service_kept_from_starting()
    {
        Program("A.Tests", 1);
        var ended = Run(["MISSING=mosquitto mosquitto-clients"]);
        ended.Error.ShouldContain("mosquitto: the foreign broker");
        _sandbox.Calls.ShouldContain("apt-get install -y --no-install-recommends mosquitto mosquitto-clients");
        _sandbox.Calls.ShouldContain("systemctl disable --now mosquitto.service");
    }
}
