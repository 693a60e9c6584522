using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inspection.Faults;

/// <summary>The station in its own process, asked over its stdin.</summary>
/// <param name="child">Its process.</param>
/// <param name="patience">How long an answer may take before there is none.</param>
internal sealed partial class StationChild(Child child, TimeSpan patience) : IDisposable
{
    public const int Kill = 9, Continue = 18, Stop = 19;

    private int _orders;

    public bool Lives => child.Lives;

    public int Id => child.Process.Id;

    /// <summary>What it logged.</summary>
    public string Said => child.Errors;

    /// <summary>Whether a signal has stopped it.</summary>
    public bool Stands
    {
        get
        {
            try
            {
                return File.ReadAllText($"/proc/{Id}/stat").Split(") ")[^1].StartsWith('T');
            }
            catch (IOException)
            {
                // It has just ended.
                return false;
            }
        }
    }

    /// <summary>Waits until it takes orders.</summary>
    public void Ready(TimeSpan within)
    {
        if (!Wait.For(() => child.Lines.Count > 0 || !child.Lives, within) || !child.Lives)
            throw new InvalidOperationException($"The station did not start:\n{Said}");
    }

    /// <summary>Gives an order.</summary>
    /// <returns>The answer, or null when there was none: the process is gone, stands or hangs.</returns>
    public JsonNode? Ask(string order, TimeSpan? within = null)
    {
        if (!child.Lives || Stands) return null;
        // Numbered, so that an answer that comes too late is not taken for another's.
        var mark = $"{++_orders} ";
        try
        {
            child.Process.StandardInput.WriteLine(mark + order);
            child.Process.StandardInput.Flush();
        }
        catch (IOException)
        {
            return null;
        }
        string? answer = null;
        Wait.For(() => (answer = child.Lines.FirstOrDefault(line => line.StartsWith(mark, StringComparison.Ordinal))) is not null || !child.Lives, within ?? patience);
        return answer is null ? null : JsonNode.Parse(answer[mark.Length..]);
    }

    /// <summary>The moment from which an order was in force; now, where the process did not live to say it.</summary>
    public long Do(string order, TimeSpan? within = null)
    {
        var before = Nanoseconds.Now;
        return Ask(order, within)?["at"]?.GetValue<long>() is > 0 and var at ? at : before;
    }

    /// <summary>The last moment that the process noted on stderr by a word of its own; null while it did not.</summary>
    public long? Noted(string word)
        => Said.Split('\n').LastOrDefault(line => line.StartsWith(word + " ", StringComparison.Ordinal)) is { } line ? long.Parse(line[(word.Length + 1)..], CultureInfo.InvariantCulture) : null;

    /// <summary>Why an act is refused; <c>null</c> when it was done, <c>no answer</c> when the process says nothing.</summary>
    public string? Refusal(string act) => Ask(act) is { } answer ? answer["refused"]?.GetValue<string>() : "no answer";

    /// <summary>The station now, or null when it does not answer.</summary>
    public Looked? Look() => Ask("look")?.Deserialize<Looked>();

    public void Signal(int signal) => Send(Id, signal);

    public static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0) throw new InvalidOperationException($"signal {signal} could not be sent to {process}");
    }

    public void Dispose() => child.Dispose();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
