using Inspection.Core;

namespace Inspection.Station.Hosting;

/// <summary>The station's log messages, with stable ids.</summary>
internal static partial class StationLog
{
    /// <summary>An alarm came or went.</summary>
    public static void Alarm(ILogger log, Alarm alarm, bool active)
    {
        if (active) AlarmRaised(log, alarm.Code, Codes.Of(alarm.Priority), alarm.Message, alarm.Remedy);
        else AlarmGone(log, alarm.Code);
    }

    /// <summary>The interlock changed its state.</summary>
    public static void Transition(ILogger log, InterlockTransition transition)
        => Transition(
            log, transition.From.ToString(), transition.To.ToString(), transition.Cause is { } cause ? Codes.Of(cause) : "no cause",
            transition.Who.Name, transition.Detail);

    [LoggerMessage(1, LogLevel.Information, "{What}")]
    public static partial void Progress(ILogger log, string what);

    [LoggerMessage(2, LogLevel.Information, "The page: {Url}")]
    public static partial void Page(ILogger log, string url);

    [LoggerMessage(3, LogLevel.Information, "MQTT: {Address}, topics under {Root}")]
    public static partial void Mqtt(ILogger log, string address, string root);

    [LoggerMessage(4, LogLevel.Information, "The line is Stopped: a person starts it, on the page. Ctrl-C ends the station.")]
    public static partial void Ready(ILogger log);

    [LoggerMessage(13, LogLevel.Warning, "The line is Stopped and cannot be started: {Why} Ctrl-C ends the station.")]
    public static partial void NotReady(ILogger log, string why);

    [LoggerMessage(5, LogLevel.Warning, "Interlock {From} → {To} ({Cause}) by {Who}: {Detail}")]
    private static partial void Transition(ILogger log, string from, string to, string cause, string who, string detail);

    [LoggerMessage(6, LogLevel.Warning, "Alarm {Code} ({Priority}): {Message} {Remedy}")]
    private static partial void AlarmRaised(ILogger log, string code, string priority, string message, string remedy);

    [LoggerMessage(7, LogLevel.Information, "Alarm {Code} is gone")]
    private static partial void AlarmGone(ILogger log, string code);

    [LoggerMessage(8, LogLevel.Information, "Ending: the outputs are de-energised; queues are drained for at most {Limit} s")]
    public static partial void Ending(ILogger log, double limit);

    [LoggerMessage(9, LogLevel.Information, "Ended. {Verdicts} parts inspected in this run")]
    public static partial void Ended(ILogger log, long verdicts);

    [LoggerMessage(10, LogLevel.Critical, "The inspection loop ended by itself: {Why}")]
    public static partial void LoopEnded(ILogger log, string why, Exception cause);

    [LoggerMessage(12, LogLevel.Warning, "What still waits for receivers is not known: {Why}")]
    public static partial void NotDrained(ILogger log, string why);

    [LoggerMessage(11, LogLevel.Warning, "{What} did not end in time and is left behind; the ledger keeps what it had")]
    public static partial void LeftBehind(ILogger log, string what);
}
