using System.Globalization;

namespace Inspection.Store;

/// <summary>A journal's name, <c>DATE-LEDGERID</c>: the UTC day that it was begun for and the chain that it belongs to.</summary>
internal readonly record struct JournalName(DateOnly Day, Guid LedgerId)
{
    public const string Extension = ".journal";
    public const string DayFormat = "yyyy-MM-dd";

    public static bool TryParse(string path, out JournalName name)
    {
        name = default;
        var text = Path.GetFileNameWithoutExtension(path);
        if (text.Length != 47 || text[10] != '-') return false;
        if (!DateOnly.TryParseExact(text.AsSpan(0, 10), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;
        if (!Guid.TryParseExact(text.AsSpan(11), "D", out var id)) return false;
        name = new(day, id);
        return true;
    }

    public string DayText => Day.ToString(DayFormat, CultureInfo.InvariantCulture);

    public override string ToString() => $"{DayText}-{LedgerId:D}";
}
