using System.Diagnostics;

namespace Inspection.Faults;

/// <summary>Waits for something that another process does.</summary>
internal static class Wait
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>True as soon as it holds, false when it does not within the time.</summary>
    public static bool For(Func<bool> condition, TimeSpan within)
    {
        using var never = new ManualResetEventSlim();
        var end = Nanoseconds.Now + (long)(within.TotalMilliseconds * Nanoseconds.PerMillisecond);
        while (!condition())
        {
            if (Nanoseconds.Now > end) return false;
            never.Wait(Look);
        }
        return true;
    }

    /// <summary>Lets time pass.</summary>
    public static void Past(TimeSpan span) => For(static () => false, span);
}

/// <summary>A child process, and what it says line by line.</summary>
internal sealed class Child : IDisposable
{
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];

    /// <summary>Starts it.</summary>
    public Child(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        Process = Process.Start(start)!;
        Keep(Process.StandardOutput, _lines);
        Keep(Process.StandardError, _errors);
    }

    public Process Process { get; }

    /// <summary>Whether it has not ended.</summary>
    public bool Lives => !Process.HasExited;

    /// <summary>Its stdout so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    /// <summary>Its stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return string.Join('\n', _errors);
        }
    }

    public void Dispose()
    {
        if (Lives) Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }

    // On a thread of its own, so that a busy pool in this process delays no reading.
    private static void Keep(StreamReader reader, List<string> into) => new Thread(() =>
    {
        while (reader.ReadLine() is { } line)
            lock (into) into.Add(line);
    })
    { IsBackground = true }.Start();
}
