using System.Runtime.InteropServices;
using System.Text.Unicode;
using Inspection.Core;
using Inspection.Gpio;
using Inspection.Vision;

namespace Inspection.Faults;

/// <summary>The faults that only the station's own process can have, by name.</summary>
internal sealed partial class Defects(StationInForce station) : IDisposable
{
    /// <summary>The word by which the process notes that its memory is used up.</summary>
    public const string Exhausted = "memory-exhausted";

    /// <summary>The word by which it notes that a thread threw.</summary>
    public const string Thrown = "exception-thrown";

    private const int Megabyte = 1 << 20;

    private static readonly TimeSpan FirstPart = TimeSpan.FromSeconds(5);

    private readonly List<byte[]> _hoard = new(1 << 20);
    private readonly ManualResetEventSlim _disk = new();
    private readonly ManualResetEventSlim _pool = new();

    /// <summary>Puts a fault in force.</summary>
    /// <returns>The moment from which it was, monotonic nanoseconds.</returns>
    public long Make(string fault)
    {
        var now = Nanoseconds.Now;
        switch (fault)
        {
            case "abort":
                Abort();
                return now;
            case "exception-source":
                station.Source.Throws = true;
                return now;
            case "exception-detector":
                station.Detector.Fault = DetectorFault.Throws;
                return now;
            case "exception-loop":
                Reach.Set(station.Loop, "counters", null);
                return now;
            case "exception-heartbeat":
                Reach.Set(Reach.Get<object>(station.Opened<BeatThread>(), "_ticker"), "_tick", (Action)Throw);
                return now;
            case "exception-inputs":
                Reach.Set(Reach.Get<object>(station.Opened<InputReader>(), "_ticker"), "_tick", (Action)Throw);
                return now;
            case "exception-ledger":
                Reach.Set(Writer, "durable", (Action<LedgerPosition>)(_ => Throw()));
                return now;
            case "exception-pool":
                ThreadPool.UnsafeQueueUserWorkItem(static _ => Throw(), null);
                return now;
            case "infinite-loop":
                station.Detector.Fault = DetectorFault.NeverReturns;
                return When(() => station.Detector.Since);
            case "scores-nan":
                station.Detector.Fault = DetectorFault.ScoresNaN;
                return now;
            case "deadlock":
                return Deadlock();
            case "memory":
                new Thread(EatMemory) { IsBackground = true }.Start();
                return now;
            case "pool":
                return StarvePool();
            case "ledger-hung":
                HangLedger();
                return now;
            case "late-frame":
                station.Source.MakeNextLate(TimeSpan.FromMilliseconds(300));
                return now;
            case "clock-forward":
                station.Time.Step(TimeSpan.FromHours(1));
                return now;
            case "clock-back":
                station.Time.Step(TimeSpan.FromHours(-1));
                return now;
            default:
                station.Line.Command(fault, true);
                return now;
        }
    }

    /// <summary>Ends a fault that can end.</summary>
    public void Heal(string fault)
    {
        station.Source.Throws = false;
        station.Detector.Fault = DetectorFault.None;
        _disk.Set();
        _pool.Set();
        if (SimulatedFaults.Names.Contains(fault)) station.Line.Command(fault, false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disk.Dispose();
        _pool.Dispose();
    }

    private object Writer => Reach.Get<object>(station.Parts.Ledger.Journal, "_writer");

    private static void Throw()
    {
        Note(Thrown);
        throw new InvalidOperationException("injected: this thread has a defect");
    }

    private static long When(Func<long> since)
    {
        SpinWait.SpinUntil(() => since() != 0, FirstPart);
        return since();
    }

    /// <summary>Two threads that wait for each other, one of them with the interlock's lock.</summary>
    private long Deadlock()
    {
        var (interlock, other) = (Reach.Get<Lock>(station.Interlock, "_gate"), new Lock());
        using var both = new Barrier(2);
        long since = 0;
        void Take(Lock first, Lock second)
        {
            first.Enter();
            both.SignalAndWait();
            Interlocked.CompareExchange(ref since, Nanoseconds.Now, 0);
            second.Enter();
        }
        new Thread(() => Take(interlock, other)) { IsBackground = true }.Start();
        new Thread(() => Take(other, interlock)) { IsBackground = true }.Start();
        return When(() => Interlocked.Read(ref since));
    }

    /// <summary>Takes all memory and keeps it; notes each try before it, so that the last note is of the one that was refused.</summary>
    private void EatMemory()
    {
        const int size = 4 * Megabyte;
        while (true)
        {
            Note(Exhausted);
            var block = GC.AllocateUninitializedArray<byte>(size);
            for (var at = 0; at < size; at += 4096) block[at] = 1;
            _hoard.Add(block);
        }
    }

    private static unsafe bool Note(ReadOnlySpan<char> word)
    {
        Span<byte> line = stackalloc byte[64];
        if (!Utf8.TryWrite(line, $"{word} {Nanoseconds.Now}\n", out var length)) return false;
        fixed (byte* text = line) return WriteTo(2, text, length) == length;
    }

    /// <summary>Blocks every thread that the pool has or makes.</summary>
    private long StarvePool()
    {
        using var begun = new CountdownEvent(Environment.ProcessorCount);
        for (var i = 0; i < 5000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                lock (begun)
                {
                    if (begun.CurrentCount > 0) begun.Signal();
                }
                _pool.Wait();
            }, null);
        }
        begun.Wait(FirstPart);
        return Nanoseconds.Now;
    }

    private void HangLedger()
    {
        _disk.Reset();
        var appender = Reach.Get<object>(Writer, "appender");
        var file = Reach.Get<object>(appender, "_file");
        var path = (string)file.GetType().GetProperty("Path")!.GetValue(file)!;
        Reach.Set(appender, "_stream", new HungFile(path, _disk));
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static unsafe partial nint WriteTo(int file, byte* bytes, nint length);

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void Abort();
}
