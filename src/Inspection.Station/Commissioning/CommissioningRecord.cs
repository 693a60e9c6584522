using System.Globalization;
using System.Text.Json;
using Inspection.Core;
using Inspection.Store;

namespace Inspection.Station.Commissioning;

/// <summary>What came of a check.</summary>
internal enum CheckOutcome
{
    /// <summary>Left out, with the reason in the note.</summary>
    NotDone,

    /// <summary>As expected.</summary>
    Pass,

    /// <summary>Not as expected.</summary>
    Fail,
}

/// <summary>One check, made once; a check that is repeated has several.</summary>
internal sealed record CheckResult(int Number, CheckOutcome Outcome, string Reading, string Note, string By, DateTimeOffset At);

/// <summary>One commissioning, as <c>commissioning/DATE.json</c> of the data folder keeps it.</summary>
internal sealed record CommissioningRecord
{
    /// <summary>The shape that this program writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Version of the shape.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The program that began it.</summary>
    public string WrittenBy { get; init; } = "";

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset Began { get; init; }

    /// <summary>The chip, as the settings name it.</summary>
    public string Chip { get; init; } = "";

    /// <summary>True when the chip is simulated, so that nothing is proven of any hardware.</summary>
    public bool Simulated { get; init; }

    /// <summary>The checks that are to be made.</summary>
    public IReadOnlyList<int> Checks { get; init; } = [];

    /// <summary>All that was done, oldest first.</summary>
    public IReadOnlyList<CheckResult> Results { get; init; } = [];

    /// <summary>Whether the ledger knows of all results.</summary>
    public bool InLedger { get; init; }

    /// <summary>What came of a check last; null where it was not made yet.</summary>
    public CheckResult? Last(int number) => Results.LastOrDefault(result => result.Number == number);

    /// <summary>Checks that have not passed, in order.</summary>
    public IEnumerable<Check> Open() => CheckList.All.Where(check => Checks.Contains(check.Number) && Last(check.Number)?.Outcome != CheckOutcome.Pass);

    /// <summary>How many checks ended so.</summary>
    public int Count(CheckOutcome outcome) => Checks.Count(number => (Last(number)?.Outcome ?? CheckOutcome.NotDone) == outcome);
}

/// <summary>The folder of the records; each is replaced as a whole and durably.</summary>
/// <param name="data">The data folder.</param>
internal sealed class CommissioningFiles(string data)
{
    private readonly string _folder = Path.Combine(data, "commissioning");

    /// <summary>The newest record that is not finished, for the same checks and chip; null where there is none.</summary>
    /// <returns>A failure where a file cannot be read: what stands in it must not be forgotten.</returns>
    public Outcome<(string Path, CommissioningRecord Record)?> Unfinished(IReadOnlyList<int> checks, string chip)
    {
        if (!Directory.Exists(_folder)) return default((string, CommissioningRecord)?);
        foreach (var path in Directory.GetFiles(_folder, "*.json").OrderDescending(StringComparer.Ordinal))
        {
            var bytes = CoreJson.ReadBytes(path);
            if (!bytes.Succeeded) return bytes.Failure;
            if (StoredSchema.Newer(path, bytes.Value, CommissioningRecord.CurrentSchema, data, "data-newer") is { } newer) return newer;
            var read = CoreJson.Parse<CommissioningRecord>(bytes.Value, path);
            if (!read.Succeeded) return read.Failure;
            var record = read.Value;
            if (record.Chip == chip && record.Checks.SequenceEqual(checks)) return record.Open().Any() || !record.InLedger ? (path, record) : default((string, CommissioningRecord)?);
        }
        return default((string, CommissioningRecord)?);
    }

    /// <summary>Where a record that begins now is kept.</summary>
    public string NewPath(DateTimeOffset began) => Path.Combine(_folder, began.UtcDateTime.ToString("yyyy-MM-dd-HHmmss-fff", CultureInfo.InvariantCulture) + ".json");

    /// <summary>Keeps a record. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public void Write(string path, CommissioningRecord record)
    {
        DurableFile.CreateDirectory(_folder);
        DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(record, CoreJson.Options));
    }
}
