using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// The start and the reset button, where they are wired. Each does what its name says and nothing else; whoever is
/// refused learns why on the page.
/// </summary>
internal sealed class ButtonPanel
{
    /// <summary>A refusal is shown for so long, or until a button does what it should.</summary>
    public static readonly TimeSpan Shown = TimeSpan.FromSeconds(30);

    private const string RefusedAlarm = "button-refused";

    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private readonly Alarms _alarms;
    private readonly PushButton[] _buttons;
    private readonly Press[] _presses;
    private long _refusedAt;

    public ButtonPanel(GpioLines lines, Interlock interlock, Alarms alarms)
    {
        (_lines, _interlock, _alarms) = (lines, interlock, alarms);
        _buttons = [.. new[] { LineNames.StartButton, LineNames.ResetButton }.Select(lines.Map.Find).OfType<Pin>().Select(pin => new PushButton(pin, lines.Time))];
        _presses = new Press[_buttons.Length];
    }

    /// <summary>Reads the buttons.</summary>
    /// <param name="edges">Room for edges.</param>
    /// <exception cref="IOException">The chip refused.</exception>
    public void Read(Span<LineEdge> edges)
    {
        for (var i = 0; i < _buttons.Length; i++) _presses[i] = _buttons[i].See(edges[.._lines.TakeEdges(_buttons[i].Pin, edges)]);
    }

    /// <summary>Does what was asked at the last reading.</summary>
    /// <param name="now">Monotonic time.</param>
    public void Act(long now)
    {
        for (var i = 0; i < _buttons.Length; i++)
            if (_presses[i] != Press.None) Tell(_buttons[i].Pin.Name, Act(_buttons[i].Pin.Name, _presses[i]), now);
        if (_refusedAt != 0 && _lines.Time.GetElapsedTime(_refusedAt, now) >= Shown) Forget();
    }

    private Failure? Act(string name, Press press)
    {
        if (press == Press.TooLong) return new("button-held", $"It was held for more than {PushButton.Longest.TotalSeconds:F0} s. Press it shortly; if nobody held it, it sticks.");
        return name == LineNames.StartButton ? _interlock.Start(Who.AtButton(name)) : _interlock.Reset(Who.AtButton(name), ResetAnswer.None);
    }

    private void Tell(string name, Failure? refusal, long now)
    {
        Forget();
        if (refusal is null) return;
        _refusedAt = now;
        _alarms.Raise(RefusedAlarm, AlarmPriority.Low, $"{name}: {refusal.Message}", "Do what the interlock asks for on the page, then press again.");
    }

    private void Forget()
    {
        if (_refusedAt == 0) return;
        _refusedAt = 0;
        _alarms.Clear(RefusedAlarm);
    }
}
