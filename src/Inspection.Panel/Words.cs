using System.Globalization;
using System.Resources;
using Inspection.Core;

namespace Inspection.Panel;

/// <summary>The page's words in one person's language. Each page has its own, so that two can differ.</summary>
internal sealed class Words
{
    /// <summary>The languages, in the order of the switch, each in its own name.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> Languages =
        [("en", "English"), ("es", "Español"), ("pt", "Português"), ("zh", "中文")];

    internal static readonly ResourceManager Texts = new("Inspection.Panel.Resources.Text", typeof(Words).Assembly);

    /// <summary>The language in use.</summary>
    public string Language { get; private set; } = "en";

    /// <summary>For numbers and times.</summary>
    public CultureInfo Culture { get; private set; } = CultureInfo.GetCultureInfo("en");

    /// <summary>A text by its key.</summary>
    public string this[string key] => Find(key) ?? key;

    /// <summary>A text with its blanks filled.</summary>
    public string Of(string key, params object[] values) => string.Format(Culture, this[key], values);

    /// <summary>A text, or null when there is none of that key: for codes that other parts make.</summary>
    public string? Find(string key) => Texts.GetString(key, Culture);

    /// <summary>Why something was refused, in plain words.</summary>
    public string Tell(Failure refusal)
        => Find("cause." + refusal.Code) is { } cause ? Of("failure.present", cause) : Find("failure." + refusal.Code) ?? this["failure.other"];

    /// <summary>The program's own English where <see cref="Tell"/> leaves something out; null where it says all.</summary>
    public static string? Technical(Failure refusal)
        => refusal.Code is "not-ready" or "model-too-slow" or "files-changed" or "gpio-lost" or "ledger-not-as-written" || !IsKnown(refusal.Code) ? refusal.Message : null;

    private static bool IsKnown(string code)
        => Texts.GetString("cause." + code, CultureInfo.InvariantCulture) is not null || Texts.GetString("failure." + code, CultureInfo.InvariantCulture) is not null;

    /// <summary>Takes a language; an unknown one changes nothing.</summary>
    public void Use(string language)
    {
        if (!Languages.Any(l => l.Code == language)) return;
        (Language, Culture) = (language, CultureInfo.GetCultureInfo(language));
    }

    /// <summary>The best of our languages for a browser.</summary>
    /// <param name="chosen">What the person chose before, or null.</param>
    /// <param name="accepted">The browser's Accept-Language (RFC 9110 section 12.5.4), in its order.</param>
    public static string Best(string? chosen, string? accepted)
    {
        if (Languages.Any(l => l.Code == chosen)) return chosen!;
        var wishes = (accepted ?? "").Split(',', 16)
            .Select(w => w.Split(';', 2, StringSplitOptions.TrimEntries))
            .Select(w => (Code: w[0].Split('-')[0].ToLowerInvariant(), Weight: Weight(w)))
            .OrderByDescending(w => w.Weight);
        foreach (var (code, weight) in wishes)
            if (weight > 0 && Languages.Any(l => l.Code == code)) return code;
        return "en";
    }

    private static double Weight(string[] wish)
        => wish.Length > 1 && wish[1].StartsWith("q=", StringComparison.Ordinal)
            ? double.TryParse(wish[1][2..], NumberStyles.Float, CultureInfo.InvariantCulture, out var q) ? q : 0
            : 1;
}
