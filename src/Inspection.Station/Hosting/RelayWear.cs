using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>Keeps the count of the relay's cycles beyond the process, and warns at its rated life.</summary>
internal sealed class RelayWear
{
    private const string WornAlarm = "relay-worn";

    private readonly RelayFile _file;
    private readonly Interlock _interlock;
    private readonly Alarms _alarms;
    private readonly long _rated;
    private RelayLife _life;

    private RelayWear(RelayFile file, RelayLife life, long rated, Interlock interlock, Alarms alarms)
    {
        (_file, _life, _rated, _interlock, _alarms) = (file, life, rated, interlock, alarms);
        interlock.RememberCycles(life.Cycles);
        Warn();
    }

    /// <summary>Goes on counting where the last process ended.</summary>
    /// <param name="path"><c>relay.json</c>.</param>
    /// <param name="rated">The relay's rated life in cycles.</param>
    /// <param name="interlock">Counts.</param>
    /// <param name="alarms">Takes <c>relay-worn</c> and <c>relay-cycles-unknown</c>.</param>
    /// <param name="time">Names the file that is set aside.</param>
    /// <returns>A failure only where a newer program has written the file.</returns>
    public static Outcome<RelayWear> Open(string path, long rated, Interlock interlock, Alarms alarms, TimeProvider time)
    {
        var file = new RelayFile(path);
        var read = file.Load();
        if (read.Failure is { Code: "relay-newer" } newer) return newer;
        var life = read.Value ?? new RelayLife(0, null, null) { BeforeUnknown = true };
        if (read.Failure is not null) SetAside(file, life, time);
        if (life.BeforeUnknown)
        {
            var why = read.Failure is { } failure ? $": {failure.Message}" : " anew since a time when it could not be read.";
            alarms.Raise("relay-cycles-unknown", AlarmPriority.Low, $"The count of the relay's cycles begins at 0{why}", "Look when the relay was put in; after an exchange tell it with 'relay exchanged', which ends this alarm.");
        }
        return new RelayWear(file, life, rated, interlock, alarms);
    }

    /// <summary>A count that cannot be read is kept for a person; the next save would overwrite it.</summary>
    private static void SetAside(RelayFile file, RelayLife life, TimeProvider time)
    {
        try
        {
            file.KeepUnreadable(time);
            file.Save(life);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that does not even rename will not take the next count either; the alarm says that it is lost.
            return;
        }
    }

    /// <summary>Writes the count where it has grown; looked at some times a second.</summary>
    public void Look()
    {
        var cycles = _interlock.RelayCycles;
        if (cycles == _life.Cycles) return;
        try
        {
            var life = _life with { Cycles = cycles };
            _file.Save(life);
            _life = life;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk has its own alarm; the count is tried again at the next look.
            return;
        }
        Warn();
    }

    private void Warn()
    {
        if (_life.Cycles >= _rated)
            _alarms.Raise(WornAlarm, AlarmPriority.Medium, $"The relay has pulled in {_life.Cycles} times; it is rated for {_rated}.", "Have maintenance exchange the relay, then tell it with 'relay exchanged'.");
    }
}
