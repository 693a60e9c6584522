using System.CommandLine;
using Inspection.Station.CommandLine;

var inspection = new RootCommand("A vision-inspection station: looks at every part, says Pass or Reject, and keeps a relay closed only while all is well.")
{
    RunCommand.Create(),
    TeachCommand.Create(),
    EvaluateCommand.Create(),
    CompareCommand.Create(),
    BenchCommand.Create(),
    CommissionCommand.Create(),
    PeopleCommands.Create(),
    RecipeCommands.Create(),
    LedgerCommands.Create(),
    LabelCommand.Create(),
    RelayCommands.Create(),
    ConsumerCommands.Create(),
    Inspection.Station.Bench.SubscriberCommand.Create(),
};

return await Invocation.RunAsync(inspection, args);

/// <summary>The program.</summary>
internal static partial class Program
{
    /// <summary>Its version.</summary>
    public static string Version { get; } = typeof(Program).Assembly.GetName().Version!.ToString(3);
}
