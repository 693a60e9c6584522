using System.Diagnostics;

namespace Inspection.Core.Tests.House;

public sealed class RunScriptTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private Ended Run(string[]? with, params string[] arguments) => _sandbox.Run("src/run.sh", with, arguments);

    public static TheoryData<string> Scripts => new(Repository.Files().Where(path => path.EndsWith(".sh", StringComparison.Ordinal)).Select(Repository.Relative).Append(".ci/run"));

    [Theory, MemberData(nameof(Scripts))]
    public void Every_script_is_sound_bash(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-n", Path.Combine(Repository.Root, script)]) { RedirectStandardError = true })!;
        bash.StandardError.ReadToEnd().ShouldBeEmpty();
        bash.WaitForExit();
        bash.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("<run>")]
    [InlineData("<run><--once><--source><folder:photos of today>", "--once", "--source", "folder:photos of today")]
    [InlineData("<--help>", "--help")]
    [InlineData("<--version>", "--version")]
    [InlineData("<run><--help>", "run", "--help")]
    [InlineData("<people><add><Ada Lovelace><--role><setter>", "people", "add", "Ada Lovelace", "--role", "setter")]
    [InlineData("<>", "")]
    public void Arguments_reach_the_program_and_none_means_run(string expected, params string[] arguments)
        => Run(null, arguments).LastLine.ShouldBe(expected);

    [Fact]
    public void The_program_stays_in_the_callers_folder_and_knows_the_repository()
    {
        var ended = Run(null);
        ended.Out.ShouldContain($"in {_sandbox.Root}/elsewhere");
        ended.Out.ShouldContain($"home {_sandbox.Root}\n");
        ended.Out.ShouldContain("telemetry off 1");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_programs_exit_code_is_the_scripts(int code) => Run([$"STATION_ENDS={code}"]).Code.ShouldBe(code);

    [Fact]
    public void What_the_build_says_never_mixes_with_the_programs_output()
    {
        var ended = Run(null);
        ended.Error.ShouldContain("Building the station");
        ended.Error.ShouldContain("inspection.dll");
        ended.Out.ShouldNotContain("->");
    }

    [Fact]
    public void A_second_run_builds_nothing_and_a_change_builds_again()
    {
        Run(null).Code.ShouldBe(0);
        Run(null).Error.ShouldBeEmpty();
        _sandbox.Calls.ShouldBe("build\n");
        _sandbox.Write("src/Inspection.Core/New.cs", "");
        Run(null).Code.ShouldBe(0);
        _sandbox.Calls.ShouldBe("build\nbuild\n");
    }

    [Fact]
    public void A_failed_build_starts_nothing_and_is_tried_again()
    {
        var failed = Run(["BUILD_FAILS=1"]);
        failed.Code.ShouldBe(1);
        failed.Error.ShouldContain("The build failed");
        failed.Out.ShouldBeEmpty();
        Run(null).LastLine.ShouldBe("<run>");
    }

    [Fact]
    public void An_SDK_that_is_too_old_is_one_line_that_says_what_to_install()
    {
        var ended = Run(["SDK_MISSING=1"]);
        ended.Code.ShouldBe(1);
        ended.Error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain("only 8.0.404 is there: install it");
    }

    [Fact]
    public void Root_is_told_which_packages_are_missing_and_why_and_they_are_installed()
    {
        var ended = Run(["MISSING=libgtk-3-0"]);
        ended.Error.ShouldContain("libgtk-3-0: the OpenCV library");
        _sandbox.Calls.ShouldContain("apt-get update");
        _sandbox.Calls.ShouldContain("apt-get install -y --no-install-recommends libgtk-3-0");
        ended.LastLine.ShouldBe("<run>");
    }

    [Fact]
    public void Each_package_is_told_as_it_is_set_up_and_the_rest_of_what_apt_says_only_when_it_fails()
    {
        var ended = Run(["MISSING=libgtk-3-0"]);
        ended.Error.ShouldContain("Installing them now.\n  libgtk-3-0\nInstalled: libgtk-3-0\n");
        ended.Error.ShouldNotContain("Fetched");
        Run(["MISSING=libgtk-3-0", "APT_FAILS=1"]).Error.ShouldContain("Fetched 3 kB\n");
    }

    [Fact]
    public void Anybody_else_is_told_the_one_line_to_type()
    {
        var ended = Run(["MISSING=libgtk-3-0", "USER_ID=1000"]);
        ended.Code.ShouldBe(1);
        ended.Error.TrimEnd().Split('\n')[^1].ShouldBe("sudo apt-get install libgtk-3-0");
        _sandbox.Calls.ShouldBeEmpty();
    }

    [Fact]
    public void Packages_that_cannot_be_installed_end_it()
    {
        var ended = Run(["MISSING=libgtk-3-0", "APT_FAILS=1"]);
        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("apt-get could not install libgtk-3-0");
    }
}
