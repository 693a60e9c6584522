using System.CommandLine;
using Inspection.Core;

namespace Inspection.Station.CommandLine;

/// <summary><c>ledger query</c> and <c>ledger verify</c>.</summary>
internal static class LedgerCommands
{
    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var query = new Command("query", "Lists entries, newest first.") { Data, Json };
        query.SetAction(parsed => Output.Fail(new Failure("not-built-in", "The ledger is not built into this version.")));
        var verify = new Command("verify", "Reads the whole chain and checks every record, number and hash.") { Data, Json };
        verify.SetAction(parsed => Output.Fail(new Failure("not-built-in", "The ledger is not built into this version.")));
        return new Command("ledger", "What the station remembers.") { query, verify };
    }
}
