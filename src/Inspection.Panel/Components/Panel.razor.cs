using Inspection.Core;
using Inspection.Panel.Feed;
using Inspection.Panel.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Inspection.Panel.Components;

/// <summary>The page. It follows the feed at its browser's own pace: a slow browser skips, and nothing queues up for it.</summary>
public sealed partial class Panel : IDisposable
{
    private static readonly TimeSpan PictureWait = TimeSpan.FromSeconds(1);

    /// <summary>How many seconds a refusal stays on the screen.</summary>
    private const int RefusalSeconds = 12;

    /// <summary>More messages than this under way is more than the line makes in a moment.</summary>
    private const int FallsBehind = 50;

    private static readonly Failure NotAtStation = new("not-at-station",
        "Only a page on the station's own PC starts, resets, bypasses or says that the belt is empty. Go to its screen or to the wired buttons.");

    private PanelFeed.Page? _page;
    private LiveShot? _shown;
    private long _loadingSince;
    private bool _loading;
    private int _pending;
    private bool _heat = true;
    private bool _full;
    private bool _signingIn;
    private bool _answering;
    private bool _seconding;
    private bool _clearing;
    private TripCause? _bypassing;
    private BypassRequest? _bypassAsked;
    private Failure? _bypassRefusal;
    private RejectedPart? _opened;
    private Failure? _testRefusal;
    private bool _testDue;
    private bool _overruling;
    private InspectionNumber? _overruled;
    private bool _labelling;
    private Failure? _refusal;
    private long _refusedAt;
    private InterlockState _refusedIn;
    private Tab _tab;

    /// <summary>The language to begin with.</summary>
    [Parameter, EditorRequired] public string Language { get; set; } = "en";

    [Inject] private PanelContext Context { get; set; } = null!;

    [Inject] private PanelFeed Feed { get; set; } = null!;

    [Inject] private Session Session { get; set; } = null!;

    [Inject] private Place Place { get; set; } = null!;

    [Inject] private SimulationSwitches Switches { get; set; } = null!;

    [Inject] private IJSRuntime Browser { get; set; } = null!;

    private PanelView View { get; set; } = null!;

    private bool TripsOnReject => View.Pipeline.Recipe.Output.Mode == OutputMode.TripOnReject;

    private IEnumerable<Tab> Tabs
        => Enum.GetValues<Tab>().Where(t => t switch
        {
            Tab.Simulation => Context.Simulation is not null,
            Tab.Tests => View.Tests is not null,
            Tab.Labels => View.Counters.Confusion is not null,
            _ => true,
        });

    /// <summary>Messages that wait where that is worth a look: somebody is away, or falls behind.</summary>
    private long? Waiting
    {
        get
        {
            var waiting = View.Receivers.Select(r => r.Backlog).DefaultIfEmpty().Max();
            return waiting > FallsBehind || (waiting > 0 && View.Receivers.Any(r => !r.Connected)) ? waiting : null;
        }
    }

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        W.Use(Language);
        _tab = Context.Simulation is null ? Tab.Alarms : Tab.Simulation;
        _page = Feed.Follow(Tick);
        _full = _page is null;
        if (_full) return;
        View = Feed.Current;
        _shown = View.Shot(_heat);
        ShowTests();
    }

    /// <inheritdoc />
    public void Dispose() => _page?.Dispose();

    // On the feed's thread: at most one renewal waits for this page, however slow its browser is.
    private void Tick()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0) _ = InvokeAsync(Renew);
    }

    private void Renew()
    {
        Volatile.Write(ref _pending, 0);
        View = Feed.Current;
        if (_refusal is not null && (View.Second - _refusedAt >= RefusalSeconds || View.Interlock.State != _refusedIn || IsGone(_refusal))) _refusal = null;
        ShowTests();
        if (!Tabs.Contains(_tab)) _tab = Tab.Alarms;
        ShowNext();
        StateHasChanged();
    }

    /// <summary>The next part is shown when the picture of the one before has arrived, so that picture and verdict belong together.</summary>
    private void ShowNext()
    {
        if (_loading && Context.Time.GetElapsedTime(_loadingSince) < PictureWait) return;
        var next = View.Shot(_heat);
        if (next is null || ReferenceEquals(next, _shown)) return;
        _shown = next;
        _loading = next.Picture is not null;
        _loadingSince = Context.Time.GetTimestamp();
    }

    private void PictureSettled() => _loading = false;

    private void ToggleHeat()
    {
        _heat = !_heat;
        if (_page is null) return;
        _page.Heat = _heat;
        View = Feed.Current;
        _loading = false;
        ShowNext();
    }

    private void Touch() => Session.Touch();

    private void SignOut() => Session.SignOut();

    private async Task UseLanguageAsync(string language)
    {
        W.Use(language);
        await Browser.InvokeVoidAsync("panel.rememberLanguage", W.Language);
    }

    private void Start()
    {
        if (IdentifiedHere() is { } person) Say(Context.Interlock.Start(person));
    }

    private void Stop() => Say(Context.Interlock.Stop(Session.PersonOrAnybody));

    private void Reset(ResetAnswer answer)
    {
        _answering = false;
        if (IdentifiedHere() is not { } person) return;
        var refused = Context.Interlock.Reset(person, answer);
        if (refused?.Code == "answer-needed") _answering = true;
        else Say(refused);
    }

    private void AskZone()
    {
        if (IdentifiedHere() is not null) _clearing = true;
    }

    private void ConfirmZoneEmpty()
    {
        _clearing = false;
        if (IdentifiedHere() is { } person) Say(Context.Interlock.ConfirmZoneEmpty(person));
    }

    private void AskBypass(TripCause cause)
    {
        if (IdentifiedHere() is not null) (_bypassing, _bypassRefusal) = (cause, null);
    }

    private void Bypass(BypassRequest request)
    {
        if (IdentifiedHere() is not { } person) return;
        _bypassRefusal = Context.Interlock.Bypass(person, request);
        (_bypassAsked, _seconding) = (request, _bypassRefusal?.Code == "second-person-needed");
        if (_bypassRefusal is null) _bypassing = null;
    }

    /// <summary>A second person signs for the bypass that was asked for; nobody's session changes.</summary>
    private Failure? Agree(string name, string pin)
    {
        if (!Place.AtStation) return NotAtStation;
        var second = Session.Identify(name, pin);
        if (!second.Succeeded) return second.Failure;
        if (Session.Person is not { } person || _bypassAsked is not { } asked) return new("not-a-person", "Sign in first.");
        _bypassRefusal = Context.Interlock.Bypass(person, asked with { Second = second.Value });
        if (_bypassRefusal is null) _bypassing = null;
        return _bypassRefusal;
    }

    /// <summary>What was said of a condition that has gone meanwhile would contradict what stands beside it.</summary>
    private bool IsGone(Failure refusal)
        => Enum.GetValues<TripCause>().FirstOrDefault(c => Codes.Of(c) == refusal.Code) is var cause && Codes.Of(cause) == refusal.Code
            && !View.Interlock.Present.Contains(cause);

    private void ConfirmClock()
    {
        if (Context.ConfirmClock is { } confirm && Identified() is { } person) Say(confirm(person));
    }

    /// <summary>Asks for the test parts as soon as they are due, whatever else is looked at.</summary>
    private void ShowTests()
    {
        var due = View.Tests is { IsDue: true };
        if (due != _testDue) _testRefusal = null;
        if (due && !_testDue) _tab = Tab.Tests;
        _testDue = due;
    }

    private void Announce(string part)
    {
        if (Context.TestParts is not { } tests || Identified() is not { } person) return;
        _testRefusal = tests.Announce(person, part);
        View = View with { Tests = tests.Snapshot };
    }

    private void Withdraw()
    {
        if (Context.TestParts is not { } tests || Identified() is not { } person) return;
        _testRefusal = tests.Withdraw(person);
        View = View with { Tests = tests.Snapshot };
    }

    private void AnswerDelivered()
    {
        if (Identified() is { } person) Say(Context.Overrides.AnswerDelivered(person));
    }

    /// <summary>Opens the dialog for a part, or for one whose number is asked for.</summary>
    private void Overrule(InspectionNumber? part)
    {
        if (Identified() is null) return;
        (_overruled, _opened, _labelling, _overruling) = (part, null, false, true);
    }

    private void AskSample() => _labelling = Identified() is not null;

    /// <summary>Who is signed in and sees the line; whatever may lead to an energised relay asks this.</summary>
    private Who? IdentifiedHere()
    {
        if (Place.AtStation) return Identified();
        Say(NotAtStation);
        return null;
    }

    private Who? Identified()
    {
        _signingIn = Session.Person is null;
        return Session.Person;
    }

    private void Say(Failure? refused)
    {
        _refusal = refused;
        View = View with { Interlock = Context.Interlock.Snapshot };
        (_refusedAt, _refusedIn) = (View.Second, View.Interlock.State);
    }

    private void SetInput(LineState line) => Switches.SetInput(line.Name, !line.Active, Session.PersonOrAnybody);

    private void ToggleFault(string fault) => Switches.Toggle(fault, Session.PersonOrAnybody);

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Context.Time.LocalTimeZone);

    private enum Tab
    {
        Alarms,
        Tests,
        Receivers,
        Labels,
        Simulation,
    }
}
