using System.Threading.Channels;

namespace Inspection.Station.Commissioning;

/// <summary>A check that ended before its last step, by the person or by what a line said.</summary>
internal sealed class CheckEndedException(CheckOutcome outcome, string note) : Exception(note)
{
    /// <summary>How it ended.</summary>
    public CheckOutcome Outcome { get; } = outcome;
}

/// <summary>
/// The person at the keyboard. Lines are read on a thread of their own, so that a signal, or a contact that is worked,
/// is noticed while nothing is typed. The end of the input counts as an interruption.
/// </summary>
internal sealed class Asking
{
    private readonly Channel<string> _typed = Channel.CreateUnbounded<string>();
    private readonly Action<string> _say;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stop;

    public Asking(TextReader from, Action<string> say, TimeProvider time, CancellationToken stop)
    {
        (_say, _time, _stop) = (say, time, stop);
        new Thread(() =>
        {
            while (from.ReadLine() is { } line) _typed.Writer.TryWrite(line.Trim());
            _typed.Writer.Complete();
        })
        { IsBackground = true, Name = "keyboard" }.Start();
    }

    /// <summary>One line for the person.</summary>
    public void Say(string line) => _say(line);

    /// <summary>Asks until an answer can be used.</summary>
    /// <param name="prompt">The question.</param>
    /// <param name="read">What the answer means; null asks again.</param>
    /// <param name="hint">What is said of an answer that means nothing.</param>
    /// <exception cref="OperationCanceledException">A signal, or the input's end.</exception>
    public async Task<T> AskAsync<T>(string prompt, Func<string, T?> read, string hint) where T : class
    {
        _say(prompt);
        while (true)
        {
            var typed = await NextAsync();
            if (read(typed) is { } answer) return answer;
            _say(IsBare(typed) ? $"  {NoteMissing} {hint}" : $"  {hint}");
        }
    }

    /// <summary>Yes, or an end of the check: <c>f</c> with a note, which it must have, is a failure, <c>n</c> with a reason is not done.</summary>
    /// <param name="prompt">What to look at.</param>
    public async Task ConfirmAsync(string prompt)
        => await AskAsync($"{prompt} [p / f NOTE / n REASON]", typed => Ends(typed) ?? (typed is "p" or "pass" ? typed : null), Hint);

    /// <summary>Asks for a word that nobody types by accident.</summary>
    public async Task InsistAsync(string prompt, string word)
        => await AskAsync($"{prompt} [{word} / n REASON]", typed => Ends(typed) ?? (typed == word ? typed : null), $"Type {word} in capitals, or n with the reason.");

    /// <summary>Waits for a contact, and goes on doing something meanwhile.</summary>
    /// <param name="prompt">What the person is to do.</param>
    /// <param name="met">Looked at every few milliseconds.</param>
    /// <param name="typed">What a line means that ends nothing; false where it means nothing.</param>
    public async Task UntilAsync(string prompt, Func<bool> met, Func<string, bool> typed)
    {
        _say(prompt);
        while (!met())
        {
            if (_typed.Reader.TryRead(out var line))
            {
                Ends(line);
                if (!typed(line)) _say(IsBare(line) ? $"  {NoteMissing}" : "  Still waiting; f NOTE or n REASON ends the check.");
            }
            else if (_typed.Reader.Completion.IsCompleted) throw new OperationCanceledException("the input ended");
            await PauseAsync();
        }
    }

    /// <summary>A moment, short beside everything that a hand does.</summary>
    public Task PauseAsync() => Task.Delay(TimeSpan.FromMilliseconds(1), _time, _stop);

    private const string Hint = "p: as expected; f NOTE: not as expected; n REASON: not done.";

    private async Task<string> NextAsync()
    {
        try
        {
            return await _typed.Reader.ReadAsync(_stop);
        }
        catch (ChannelClosedException)
        {
            throw new OperationCanceledException("the input ended");
        }
    }

    private const string NoteMissing = "Say what was found: f and the note, or n and the reason, in one line.";

    private static bool IsBare(string typed) => typed is "f" or "fail" or "n";

    /// <summary>Ends the check where the person says so; <c>f</c> without a note and <c>n</c> without a reason mean nothing.</summary>
    public static string? Ends(string typed)
    {
        var (word, note) = typed.Split(' ', 2, StringSplitOptions.TrimEntries) is [var first, var rest] ? (first, rest) : (typed, "");
        if (word is "f" or "fail" && note.Length > 0) throw new CheckEndedException(CheckOutcome.Fail, note);
        if (word is "n" && note.Length > 0) throw new CheckEndedException(CheckOutcome.NotDone, note);
        return null;
    }
}
