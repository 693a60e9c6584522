using System.Diagnostics;
using System.Runtime.Versioning;

// The station runs on Linux, and so do its scripts.
[assembly: SupportedOSPlatform("linux")]

namespace Inspection.Core.Tests.House;

/// <summary>How a script ended.</summary>
internal sealed record Ended(int Code, string Out, string Error)
{
    public string LastLine => Out.TrimEnd('\n').Split('\n')[^1];
}

/// <summary>A copy of the scripts in a folder of its own, with stand-ins for the SDK and Debian's tools.</summary>
internal sealed class Sandbox : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inspection-scripts-").FullName;

    public Sandbox()
    {
        foreach (var file in new[] { "src/run.sh", "src/prepare.sh", "tests/run.sh", "global.json", "Directory.Build.props", "hardware/pin-map.json" })
            Write(file, Repository.Read(file));
        Write("src/Inspection.Station/Inspection.Station.csproj", "");
        Write("elsewhere/here.txt", "");
        Tool("dotnet", """
            case "$1" in
                --version) exit ${SDK_MISSING:-0} ;;
                --list-sdks) echo "8.0.404 [/usr/share/dotnet/sdk]" ;;
                build) echo build >>"$CALLS"; echo "Inspection.Station -> inspection.dll"
                    [ "${BUILD_FAILS:-0}" = 0 ] || exit 1
                    mkdir -p src/Inspection.Station/bin/Release/net10.0; touch src/Inspection.Station/bin/Release/net10.0/inspection.dll ;;
                format) exit ${FORMAT_FAILS:-0} ;;
                *) shift; printf 'in %s\n' "$PWD"; printf 'home %s\n' "$INSPECTION_HOME"; printf 'telemetry off %s\n' "$DOTNET_CLI_TELEMETRY_OPTOUT"
                    for word in "$@"; do printf '<%s>' "$word"; done; echo; exit ${STATION_ENDS:-0} ;;
            esac
            """);
        Tool("dpkg-query", "for word; do :; done; case \" $MISSING \" in *\" ${word%t64} \"*) exit 1 ;; esac; echo installed");
        Tool("apt-get", "echo apt-get \"$@\" >>\"$CALLS\"; echo \"Fetched 3 kB\"; [ \"$1\" != install ] || echo \"Setting up ${!#}:amd64 (3.24) ...\"; exit ${APT_FAILS:-0}");
        Tool("id", "echo ${USER_ID:-0}");
        Tool("systemctl", "echo systemctl \"$@\" >>\"$CALLS\"");
    }

    /// <summary>The root of the copy.</summary>
    public string Root => Path.Combine(_folder, "root");

    /// <summary>What the stand-ins were asked to do.</summary>
    public string Calls => File.Exists(CallsFile) ? File.ReadAllText(CallsFile) : "";

    private string CallsFile => Path.Combine(_folder, "calls");

    private string Tools => Path.Combine(_folder, "tools");

    /// <summary>Runs a script of the copy from another folder.</summary>
    /// <param name="script">Its path under the root.</param>
    /// <param name="with">Environment, such as <c>SDK_MISSING=1</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    public Ended Run(string script, string[]? with = null, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Root, script), .. arguments])
        {
            WorkingDirectory = Path.Combine(Root, "elsewhere"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PATH"] = Tools + ":/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["CALLS"] = CallsFile;
        start.Environment["HOME"] = _folder;
        start.Environment.Remove("INSPECTION_LONG");
        foreach (var pair in (with ?? []).Select(pair => pair.Split('=', 2))) start.Environment[pair[0]] = pair[1];
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(60_000)) process.Kill(entireProcessTree: true);
        return new(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Adds a test program that says what it is told to say.</summary>
    public void TestProgram(string name, string body) => Write($"tests/{name}/bin/Release/net10.0/{name}", "#!/bin/bash\n" + body + "\n");

    /// <summary>Writes an executable file under the root.</summary>
    public void Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Tool(string name, string body) => Write("../tools/" + name, "#!/bin/bash\n" + body + "\n");
}
