namespace Inspection.Vision;

/// <summary>The order in which a person sorts file names: numbers by value, letters by themselves, folder by folder.</summary>
public sealed class NaturalOrder : IComparer<string>
{
    private NaturalOrder()
    {
    }

    /// <summary>The order of paths; a total order, in which only equal paths are equal.</summary>
    public static NaturalOrder Paths { get; } = new();

    /// <inheritdoc />
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
            {
                var a = Digits(x, ref i);
                var b = Digits(y, ref j);
                var byValue = a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.CompareTo(b, StringComparison.Ordinal);
                if (byValue != 0) return byValue;
                continue;
            }
            var byLetter = Key(x[i++]).CompareTo(Key(y[j++]));
            if (byLetter != 0) return byLetter;
        }
        var byLength = (x.Length - i).CompareTo(y.Length - j);
        return byLength != 0 ? byLength : string.CompareOrdinal(x, y);
    }

    // The separator sorts first, so that a folder's files stay together.
    private static char Key(char c) => c == '/' ? '\0' : char.ToLowerInvariant(c);

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        var from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        while (from < at - 1 && text[from] == '0') from++;
        return text.AsSpan(from, at - from);
    }
}
