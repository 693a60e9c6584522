using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Hosting;

/// <summary>What the station tells of a bypass besides the transition itself.</summary>
internal static class BypassNotes
{
    /// <summary>Warns people before a bypass ends; looked at some times a second.</summary>
    public static void Warn(Bypass? bypass, Alarms alarms, TimeProvider time)
    {
        if (bypass is not null && bypass.Remaining(time) <= Bypass.Warning)
            alarms.Raise("bypass-ends-soon", AlarmPriority.Medium, $"The bypass of {Codes.Of(bypass.Cause)} ends within 2 minutes; then the relay opens.", "Clear the line in good order, or have the cause removed.");
        else alarms.Clear("bypass-ends-soon");
    }

    /// <summary>The interlock's latest entries, newest first, however old; null where they cannot be read.</summary>
    public static IReadOnlyList<LedgerRow>? Before(JournalLedger ledger)
    {
        try
        {
            return ledger.Query(new LedgerQuery { Kind = EntryKind.Interlock, Max = 1000 }).Rows;
        }
        catch (IOException)
        {
            // Whoever cannot look back asks for the second person.
            return null;
        }
    }

    /// <summary>What the ledger knows of bypasses before this start: a second one within 8 h still needs a second person.</summary>
    /// <param name="latest">What <see cref="Before"/> found.</param>
    /// <param name="interlock">Is reminded.</param>
    /// <param name="time">The clock.</param>
    public static void Recall(IReadOnlyList<LedgerRow>? latest, Interlock interlock, TimeProvider time)
    {
        if (latest is null) interlock.RememberBypass(TimeSpan.Zero);
        else if (latest.FirstOrDefault(IsBypassed) is { } began)
        {
            // A wall clock that was set back must not make it older than it is, nor lie in the future.
            var age = time.GetUtcNow() - began.At;
            interlock.RememberBypass(age > TimeSpan.Zero ? age : TimeSpan.Zero);
        }
    }

    /// <summary>
    /// The lot of a bypass that the process's end cut off is held now. To be appended before any other entry of the
    /// interlock: it is the newest one by which the next start knows.
    /// </summary>
    /// <param name="latest">What <see cref="Before"/> found.</param>
    /// <param name="time">The clock.</param>
    /// <param name="simulated">Stands in the entry.</param>
    /// <returns>The entry that holds the lot; null where no bypass was cut off.</returns>
    public static LotEntry? CutOff(IReadOnlyList<LedgerRow>? latest, TimeProvider time, bool simulated)
        => latest is [var newest, ..] && IsBypassed(newest)
            ? new LotEntry(time, simulated, Who.Station, null, "bypass", $"The program ended at an unknown moment after {MessageSchema.Time(newest.At)} while a cause was bypassed; how many parts were made under it is not known.", null)
            : null;

    private static bool IsBypassed(LedgerRow row)
        => JsonElement.Parse(row.Body.Span).TryGetProperty("to", out var to) && to.GetString() == nameof(InterlockState.Bypassed);

    /// <summary>The lot is held at a bypass's end: its parts were not inspected as the recipe asks.</summary>
    public static LotEntry LotHeld(TimeProvider time, bool simulated, InterlockTransition transition, BypassAccount account, Recipe recipe, string? lot)
    {
        var way = recipe.Output.Mode == OutputMode.TripOnReject ? "this recipe only trips on a reject, so they went through as not inspected"
            : account.Bypass.LetThrough ? $"by {account.Bypass.By.Name}'s choice they were let through as not inspected"
            : "none of them was permitted";
        return new(time, simulated, transition.Who, lot, "bypass", $"{account.Parts} parts were made while {Codes.Of(account.Bypass.Cause)} was bypassed; {way}.", account);
    }
}
