using System.Diagnostics;
using Inspection.Testing;

namespace Inspection.Mqtt.Tests;

/// <summary>Debian's mosquitto: a foreign broker, and foreign clients.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mosquitto").FullName;
    private readonly string _settings;
    private Process? _process;

    private Mosquitto(string settings) => _settings = settings;

    public int Port { get; } = Loopback.FreePort();

    /// <summary>Its process.</summary>
    public int Id => _process!.Id;

    public static async Task<Mosquitto> StartAsync(string settings = "allow_anonymous true")
    {
        var broker = new Mosquitto(settings);
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>A broker that is not there yet.</summary>
    public static Mosquitto Absent() => new("allow_anonymous true");

    public async Task StartAgainAsync()
    {
        var file = Path.Combine(_folder, "mosquitto.conf");
        // As root, mosquitto would become a user that may not read the temporary folder.
        await File.WriteAllTextAsync(file, $"listener {Port} 127.0.0.1\n{(Environment.IsPrivilegedProcess ? "user root\n" : "")}{_settings}\n", TestContext.Current.CancellationToken);
        _process = Run("/usr/sbin/mosquitto", "-c", file);
        await Eventually.Holds(() => Loopback.Accepts(Port), TimeSpan.FromSeconds(20));
    }

    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>A user with a password, as the broker's password file wants it.</summary>
    public static string PasswordFile(string user, string password)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("mosquitto").FullName, "passwords");
        using var process = Run("/usr/bin/mosquitto_passwd", "-c", "-b", file, user, password);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return file;
    }

    /// <summary>Runs <c>mosquitto_sub</c> until it has so many messages.</summary>
    /// <returns>Its lines: topic, a space, the body.</returns>
    public static async Task<string[]> SubscribeAsync(int port, string filter, int count, params string[] more)
    {
        using var process = Subscriber(port, filter, count, more);
        var lines = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return lines;
    }

    public static Process Subscriber(int port, string filter, int count, params string[] more)
        => Run("/usr/bin/mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{port}", "-t", filter, "-C", $"{count}", "-W", "60", "-F", "%t %p", .. more]);

    public static async Task<(int ExitCode, string Errors)> PublishAsync(int port, string topic, string body, params string[] more)
    {
        using var process = Run("/usr/bin/mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{port}", "-t", topic, "-m", body, .. more]);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, errors);
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
