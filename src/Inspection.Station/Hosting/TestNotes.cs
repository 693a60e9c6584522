using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>What the ledger knows of tests before a start.</summary>
internal static class TestNotes
{
    /// <summary>A test that is older than this counts as none, since tests are due every 168 h at the latest.</summary>
    private const int Days = 8;

    /// <summary>Reads it, before anything of this start is appended. Whatever cannot be read makes a test due rather than not.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="recipe">The recipe that is to run.</param>
    /// <param name="interlock">The interlock's latest entries, newest first: <see cref="BypassNotes.Before"/>.</param>
    /// <param name="time">The clock.</param>
    public static TestHistory Before(JournalLedger ledger, Recipe recipe, IReadOnlyList<LedgerRow>? interlock, TimeProvider time)
    {
        try
        {
            var newest = Newest(ledger, time);
            var inspected = ledger.Query(new LedgerQuery { Kind = EntryKind.Inspection, Max = 1 }).Rows;
            var changed = inspected.Count > 0 && !IsOf(inspected[0], recipe);
            var since = newest?.At ?? DateTimeOffset.MinValue;
            var bypassed = interlock is null || interlock.Any(row => row.At >= since && Mentions(row, InterlockState.Bypassed));
            if (newest is null) return new(null, default, "", null, changed, bypassed);
            var body = JsonElement.Parse(newest.Body.Span);
            return new(
                body.GetProperty("action").GetString(), newest.At, body.GetProperty("detail").GetString()!, Passed(body.GetProperty("lastPassed")),
                !IsOf(newest, recipe) || changed, bypassed);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return new(null, default, "", null, true, true);
        }
    }

    /// <summary>The newest entry of a test, looked for day by day, so that a station which tests every day never reads more than one.</summary>
    private static LedgerRow? Newest(JournalLedger ledger, TimeProvider time)
    {
        // A wall clock that was set back leaves entries in the future.
        var to = DateTimeOffset.MaxValue;
        for (var day = 0; day <= Days; day++)
        {
            var from = time.GetUtcNow() - TimeSpan.FromDays(day + 1);
            LedgerPage page;
            EntryPlace? before = null;
            do
            {
                page = ledger.Query(new LedgerQuery { Kind = EntryKind.Audit, From = from, To = to, Max = 1000, Before = before });
                if (page.Rows.FirstOrDefault(IsTest) is { } newest) return newest;
                before = page.Next;
            }
            while (before is not null);
            to = from;
        }
        return null;
    }

    private static bool IsTest(LedgerRow row)
        => JsonElement.Parse(row.Body.Span).GetProperty("action").GetString() is TestEntry.Due or TestEntry.Passed or TestEntry.Failed;

    private static bool IsOf(LedgerRow row, Recipe recipe)
    {
        var of = JsonElement.Parse(row.Body.Span).GetProperty("recipe");
        return of.GetProperty("name").GetString() == recipe.Name && of.GetProperty("revision").GetInt32() == recipe.Revision;
    }

    private static bool Mentions(LedgerRow row, InterlockState state)
    {
        var body = JsonElement.Parse(row.Body.Span);
        return body.GetProperty("from").GetString() == state.ToString() || body.GetProperty("to").GetString() == state.ToString();
    }

    private static PassedTest? Passed(JsonElement test)
        => test.ValueKind == JsonValueKind.Object ? new(test.GetProperty("at").GetDateTimeOffset(), test.GetProperty("by").GetString()!) : null;
}
