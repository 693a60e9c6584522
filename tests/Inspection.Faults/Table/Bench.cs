using Inspection.Core;
using Inspection.Store;
using Inspection.Testing;
using Inspection.Vision.Tests;

namespace Inspection.Faults;

/// <summary>A station that runs, all that surrounds it, and what can be done to it from outside.</summary>
internal abstract class Bench : IDisposable
{
    /// <summary>Parts a second of the simulated line.</summary>
    public const int PartsPerSecond = 10;

    protected Bench(string root, TimeSpan loopDeadline)
    {
        (Root, LoopDeadline) = (root, loopDeadline);
        Data = Path.Combine(root, "var");
        Model = Path.Combine(root, "model");
        Directory.CreateDirectory(Data);
        Directory.CreateDirectory(Model);
        Plant = new Plant(root);
        Page = Loopback.FreePort();
    }

    public string Root { get; }

    public string Data { get; }

    public string Model { get; }

    /// <summary>The page's port.</summary>
    public int Page { get; }

    /// <summary><c>interlock.loopDeadline</c> in force.</summary>
    public TimeSpan LoopDeadline { get; }

    public Plant Plant { get; }

    public RelayRecord Relay { get; } = new();

    public StationChild Station { get; protected set; } = null!;

    /// <summary>Starts of the line that the station ended by itself before it ran steadily.</summary>
    public int OwnTrips { get; private set; }

    /// <summary>Whether the chip is the kernel's.</summary>
    public virtual bool IsGuest => false;

    /// <summary>Opens or closes an input's contact as a person or a machine would.</summary>
    public abstract long Press(string input, bool pressed);

    /// <summary>Cuts an input's wire.</summary>
    public abstract long Cut(string input);

    /// <summary>Holds an output at one level, or lets it go.</summary>
    public abstract long Stick(string output, bool? high);

    /// <summary>Takes the chip away, or gives it back.</summary>
    public abstract void ChipGone(bool gone);

    /// <summary>Has the mirror contact read as pulled in or dropped whatever the relay does, or as it is.</summary>
    public abstract long Mirror(bool? pulledIn);

    /// <summary>Fills the disk of the ledger, or frees it.</summary>
    /// <returns>When it was full.</returns>
    public abstract long FillLedgerDisk(bool full);

    /// <summary>Hangs the disk of the ledger, or frees it.</summary>
    public abstract void HangLedgerDisk(bool hung);

    /// <summary>Fills the disk of the pictures, or frees it.</summary>
    public abstract void FillPictureDisk(bool full);

    /// <summary>Moves the wall clock.</summary>
    public abstract void StepClock(TimeSpan by);

    /// <summary>A person starts the line, again where it trips by itself, until it has run steadily for a while, by default a second.</summary>
    public void RunSteadily(TimeSpan within, TimeSpan? steady = null)
    {
        var wanted = (steady ?? TimeSpan.FromSeconds(1)).TotalMilliseconds;
        var steadySince = 0L;
        string? refusal = null, why = null;
        var ran = Wait.For(() =>
        {
            if (!Station.Lives) throw new InvalidOperationException($"The station has ended:\n{Station.Said}");
            if (Station.Look() is not { } now) return false;
            if (now.State == "Running" && !now.SelfTesting && now.Inspected > 5 && Relay.IsClosed(Nanoseconds.Now))
            {
                if (steadySince == 0) steadySince = Nanoseconds.Now;
                return Nanoseconds.Milliseconds(Nanoseconds.Now - steadySince) > wanted;
            }
            steadySince = 0;
            if (now.State is "Tripped" or "Faulted" && Station.Refusal("reset") is null) OwnTrips++;
            if (now.State == "Stopped" && Station.Ask("start") is { } answer) (refusal, why) = (answer["refused"]?.GetValue<string>(), answer["why"]?.GetValue<string>());
            // A model that was too slow when it was warmed up stays so until the station is started anew.
            return refusal == "model-too-slow";
        }, within);
        if (!ran || refusal == "model-too-slow") throw new InvalidOperationException($"The line does not run steadily: {why}; {Station.Look()}\n{Station.Said}");
    }

    /// <summary>Writes model, recipe and settings.</summary>
    /// <param name="chip">The chip's name.</param>
    protected void Write(string chip)
    {
        new TinyModel().Write(Path.Combine(Model, "model.onnx"));
        File.WriteAllText(Path.Combine(Model, "model.json"), """{ "schema": 1, "name": "tiny", "version": 1, "kind": "anomalib", "threshold": 0.99 }""");
        // Every part keeps its picture, so that the pictures' disk matters.
        var store = new RecipeStore(Path.Combine(Data, "recipes"));
        var saved = store.Revisions("tiny").Count > 0 ? store.Load("tiny") : store.Save(new Recipe
        {
            Name = "tiny",
            Revision = 1,
            CreatedBy = "faults",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Model = new ModelReference { Name = "tiny", Version = 1 },
            Pictures = new PictureRules { PassEvery = 1 },
        });
        if (!saved.Succeeded) throw new InvalidOperationException(saved.Failure.Message);
        File.WriteAllText(Path.Combine(Data, "station.json"), $$"""
            { "source": "simulated", "gpio": { "chip": "{{chip}}" }, "http": { "port": {{Page}} },
              "simulated": { "width": 160, "height": 120, "partsPerSecond": {{PartsPerSecond}} },
              "interlock": { "loopDeadline": "{{LoopDeadline.TotalMilliseconds}} ms" },
              "mqtt": { "broker": "external", "host": "127.0.0.1", "port": {{Plant.Port}} } }
            """);
    }

    /// <summary>As much managed memory as the station may have, so that it can be used up.</summary>
    protected static IReadOnlyDictionary<string, string> Limits { get; } = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x18000000" };

    /// <summary>The program that is the station.</summary>
    protected static string Program => Path.Combine(AppContext.BaseDirectory, "Inspection.Faults");

    public virtual void Dispose()
    {
        Station?.Dispose();
        Plant.Dispose();
    }
}
