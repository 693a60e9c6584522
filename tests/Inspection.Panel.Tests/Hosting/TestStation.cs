using System.Collections.Concurrent;
using System.Net;
using Inspection.Core;
using Inspection.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inspection.Panel.Tests.Hosting;

/// <summary>A station without camera and chip, whose page is served on a free port of loopback.</summary>
internal sealed class TestStation : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> _inputs = new() { ["e-stop"] = false, ["stop-switch"] = false, ["key"] = false };
    private readonly DirectoryInfo _pictures = Directory.CreateTempSubdirectory("panel-pictures-");
    private readonly List<JudgedPart> _judged = [];
    private readonly LabelBook _book = new();
    private readonly Dictionary<InspectionNumber, string> _kept = [];
    private readonly TimeProvider _time;
    private readonly Timer _turning;
    private WebApplication? _host;
    private long _part;
    private long _sequence;

    private TestStation(TimeProvider time, bool simulated, bool demo, Recipe? testing, params (string Name, Role Role, string Pin)[] people)
    {
        _time = time;
        Interlock = new(time, Relay, new InterlockOptions { LoopDeadline = TimeSpan.FromSeconds(1) }, transition =>
        {
            Transitions.Enqueue(transition);
            Tests?.See(transition);
        });
        // In the loop's place, without which nobody can start.
        _turning = new Timer(_ =>
        {
            Interlock.Turn();
            Tests?.Look();
        }, null, 0, 20);
        Interlock.SetObstacle(null);
        Counters = new(time);
        Alarms = new(time, (_, _) => { });
        if (testing is not null) Interlock.Use(testing);
        if (testing is not null) Tests = new(testing, new(null, default, "", null, false, false), Interlock, Append, Alarms, time, simulated);
        Context = new(
            Interlock, Live, Counters, Rejects, Alarms, Delivery,
            new People([.. people.Select(p => Person.Create(p.Name, p.Role, p.Pin).Value!)], time),
            () => Some.Context,
            simulated ? new SimulationPanel(Lines, SetInput, ["stall", "drop", "lost", "freeze", "darken"], (fault, on) => Faults[fault] = on) : null,
            simulated, _pictures.FullName, demo ? Who.Person("Demo", Role.Administrator) : null, time, Append)
        {
            TestParts = Tests,
            Overrides = new Overrides(Find, Append, Alarms, Counters, Rejects, time, simulated),
            Labels = new LabelSample(Judge, _book, new(_ => null, part => _kept[part]), AppendLabel, time, simulated),
            Promise = "With 95 % confidence at most 2 % of good parts like the 149 that were kept out score above the threshold.",
            ConfirmClock = who =>
            {
                ClockConfirmedBy = who.Name;
                Alarms.Clear("clock-stepped");
                return null;
            },
        };
    }

    /// <summary>Who said last that the time is right.</summary>
    public string? ClockConfirmedBy { get; private set; }

    public PanelContext Context { get; }

    /// <summary>The recipe's test parts; null where it has none.</summary>
    public TestParts? Tests { get; }

    private static JudgingModel Judge { get; } = new(Some.Model, 0.5f);

    public FakeRelay Relay { get; } = new();

    public Interlock Interlock { get; }

    public LiveView Live { get; } = new();

    public Counters Counters { get; }

    public RecentRejects Rejects { get; } = new();

    public Alarms Alarms { get; }

    public DeliveryBoard Delivery { get; } = new();

    public ConcurrentQueue<InterlockTransition> Transitions { get; } = new();

    public ConcurrentQueue<EntryDraft> Entries { get; } = new();

    public ConcurrentDictionary<string, bool> Faults { get; } = new();

    /// <summary>Where given, pictures of parts inspected from now on hang until it is set.</summary>
    public ManualResetEventSlim? EncodingHeld { get; set; }

    /// <summary>The chain of its inspections.</summary>
    public Guid LedgerId { get; } = Identifiers.New(TimeProvider.System);

    public string Pictures => _pictures.FullName;

    public IServiceProvider Services => _host!.Services;

    /// <summary>Where it listens, on a free port. Loopback unless set before it is served.</summary>
    private IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Where the page is, with a slash at its end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>A station in the simulation with its demo person.</summary>
    public static Task<TestStation> Simulated(TimeProvider? time = null)
        => Started(new(time ?? TimeProvider.System, true, true, null));

    /// <summary>The same with a recipe that has test parts, of which none is known to have been right.</summary>
    public static Task<TestStation> Testing(TimeProvider time, Recipe recipe) => Started(new(time, true, true, recipe));

    /// <summary>A station with a real chip and people with PINs.</summary>
    public static Task<TestStation> Real(params (string Name, Role Role, string Pin)[] people)
        => Started(new(TimeProvider.System, false, false, null, people));

    /// <summary>The same, whose page is served at every IPv4 address of this machine.</summary>
    public static Task<TestStation> OnNetwork(params (string Name, Role Role, string Pin)[] people)
        => Started(new(TimeProvider.System, false, false, null, people) { Bind = IPAddress.Any });

    /// <summary>The page at another address of this machine.</summary>
    public string AddressAt(string host) => new UriBuilder(Address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) { Host = host }.Uri.ToString();

    /// <summary>Serves the page, again on the same port after <see cref="StopServing"/>.</summary>
    public async Task Serve()
    {
        var port = Address.Length > 0 ? new Uri(Address).Port : 0;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Inspection.Panel.Tests" });
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(o => o.Listen(Bind, port));
        builder.Services.AddPanel(Context);
        _host = builder.Build();
        _host.MapPanel();
        await _host.StartAsync(TestContext.Current.CancellationToken);
        Address = _host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/";
    }

    /// <summary>Ends the web server, as the end of the process would; the rest of the station goes on.</summary>
    public async Task StopServing()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _host!.StopAsync(now.Token);
        await _host.DisposeAsync();
        _host = null;
    }

    /// <summary>Inspects one part as the loop does.</summary>
    public void Inspect(Verdict verdict, float score = 0.31f, string? label = null, IReadOnlyList<DefectRegion>? regions = null, string? unreadable = null)
    {
        var frame = new DrawnFrame(new FrameDescription(
            Identifiers.New(_time), Some.Trigger(_time), "camera1", _time.GetUtcNow(), true, true, null, label, null, unreadable), EncodingHeld);
        using (frame)
        {
            var detection = Some.Detection(unreadable is null ? score : float.NaN);
            detection.Regions = regions ?? [];
            _part++;
            Interlock.Triggered(frame.Trigger.Timestamp);
            var test = Tests?.Take(frame.Trigger);
            verdict = Interlock.Apply(verdict, frame.Trigger, out _, counts: test is null);
            if (test is not null) Tests!.Judged(test, verdict, frame.Trigger.Id);
            else Counters.Count(verdict, label);
            Live.Offer(_part, frame, verdict, detection, _time.GetUtcNow());
            _sequence++;
            _judged.Add(new(
                new(LedgerId, _sequence), _time.GetUtcNow(), Purpose.Production, verdict.Kind, Codes.Of(verdict.Reason), Interlock.State, null, null, false, []));
            if (verdict.Kind == VerdictKind.Pass || test is not null) return;
            var kept = unreadable is null ? Keep(frame) : null;
            Rejects.Add(new RejectedPart(_sequence, verdict, detection.Score, detection.Threshold, unreadable, kept, _time.GetUtcNow()) { LedgerId = LedgerId });
            if (verdict.Kind != VerdictKind.Reject || kept is null) return;
            _kept[new(LedgerId, _sequence)] = kept;
            _book.Inspected(Judge, new(new(LedgerId, _sequence), verdict.Kind), true);
        }
    }

    public void Pass() => Inspect(Verdict.Pass, label: "good");

    public void Reject() => Inspect(Verdict.Reject, 0.83f, "stain", [Stain]);

    public static DefectRegion Stain { get; } = new(185, 120, 60, 60, 2827, 28.3, 0.83f, [185, 120, 245, 120, 245, 180, 185, 180]);

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await StopServing();
        await _turning.DisposeAsync();
        Live.Dispose();
        _pictures.Delete(true);
    }

    /// <summary>What is appended is durable at once.</summary>
    private void Append(EntryDraft entry)
    {
        Entries.Enqueue(entry);
        entry.OnDurable(default);
    }

    /// <summary>As reading the ledger does.</summary>
    private void AppendLabel(EntryDraft entry)
    {
        Append(entry);
        if (entry is LabelDrawEntry drawn) _book.Drawn(drawn.Draw, drawn.Before);
        if (entry is LabelEntry { Given: var given }) _book.Labelled(Judge, given);
    }

    private Outcome<IReadOnlyList<JudgedPart>> Find(long sequence)
    {
        var part = _judged.FirstOrDefault(p => p.Number.Sequence == sequence);
        if (part is null) return new Failure("unknown-sequence", "");
        return (JudgedPart[])[part with { Overrides = [.. Entries.OfType<OverrideEntry>().Where(e => e.Inspection == part.Number).Select(e => e.Change)] }];
    }

    private static async Task<TestStation> Started(TestStation station)
    {
        await station.Serve();
        return station;
    }

    private string Keep(Frame frame)
    {
        var day = Directory.CreateDirectory(Path.Combine(Pictures, "2026-01-01"));
        File.WriteAllBytes(Path.Combine(day.FullName, frame.Id + ".jpg"), frame.Encode(PictureFormat.Jpeg, 500_000));
        return $"2026-01-01/{frame.Id}.jpg";
    }

    private void SetInput(string name, bool active)
    {
        _inputs[name] = active;
        if (name == "e-stop") Interlock.SetCondition(TripCause.EStop, active, "the e-stop's contact is open");
        if (name == "key") Interlock.SetKey(active, active);
        if (name == "stop-switch") Interlock.SetCondition(TripCause.StopSwitch, active, "the stop switch is pressed");
    }

    private List<LineState> Lines() =>
    [
        new("relay", false, Relay.Enabled), new("stack-green", false, Relay.Enabled), new("stack-red", false, !Relay.Enabled),
        new("relay-enable", false, Relay.Enabled), new("heartbeat", false, Relay.Enabled), new("pass", false, Relay.PassActive),
        new("e-stop", true, _inputs["e-stop"]), new("stop-switch", true, _inputs["stop-switch"]), new("key", true, _inputs["key"]),
    ];
}
