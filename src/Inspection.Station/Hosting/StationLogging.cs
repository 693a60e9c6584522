using Microsoft.Extensions.Logging.Console;

namespace Inspection.Station.Hosting;

/// <summary>Where log lines go: stderr, one line each. Nothing leaves this machine.</summary>
internal static class StationLogging
{
    /// <summary>Adds the station's log to a host, or to a factory of its own.</summary>
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // What these say stands in the program's own message, or is a browser that comes back after a restart.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // Whoever reads stderr too slowly must not hold up the line.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }
}
