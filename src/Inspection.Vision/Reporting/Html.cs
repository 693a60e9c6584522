using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Inspection.Vision;

/// <summary>
/// Builds HTML from interpolated strings: what is written literally is markup, what stands in a hole is text and is escaped,
/// so that no name of a file or class can become markup.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup with text in its holes.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => this;

    /// <summary>Appends what was built elsewhere.</summary>
    public Html Add(Html other)
    {
        _text.Append(other._text);
        return this;
    }

    /// <summary>Appends markup that the program itself holds.</summary>
    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>A picture within the page.</summary>
    /// <param name="type"><c>image/png</c> or <c>image/jpeg</c>.</param>
    /// <param name="file">The picture's file.</param>
    /// <param name="alternative">What it shows, for whoever does not see it.</param>
    /// <param name="width">Width in the page's pixels.</param>
    /// <param name="height">Height likewise.</param>
    public Html Picture(string type, byte[] file, string alternative, int width, int height)
        => Add($"<img src=\"data:{type};base64,{Convert.ToBase64String(file)}\" alt=\"{alternative}\" width=\"{width}\" height=\"{height}\">");

    /// <summary>A table whose cells are text; the first cell of each row is its heading.</summary>
    /// <param name="caption">Above the table.</param>
    /// <param name="head">The columns' names.</param>
    /// <param name="rows">The rows.</param>
    public Html Table(string caption, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        Add($"<div class=\"wide\"><table><caption>{caption}</caption><thead><tr>");
        foreach (var name in head) Add($"<th scope=\"col\">{name}</th>");
        Add($"</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            Add($"<tr><th scope=\"row\">{row[0]}</th>");
            foreach (var cell in row.Skip(1)) Add($"<td>{cell}</td>");
            Add($"</tr>\n");
        }
        return Add($"</tbody></table></div>\n");
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    /// <summary>
    /// Text that cannot become markup, nor hide or turn round what stands beside it: control and formatting characters
    /// (among them those of writing direction) are shown by their code.
    /// </summary>
    internal static string Escape(string text)
    {
        if (text.Any(IsHidden)) text = string.Concat(text.Select(c => IsHidden(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString()));
        return WebUtility.HtmlEncode(text);
    }

    private static bool IsHidden(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Receives the pieces of an interpolated string.</summary>
    [InterpolatedStringHandler]
#pragma warning disable CS9113 // the lengths are given to every handler
    public readonly ref struct Markup(int literal, int holes, Html html)
#pragma warning restore CS9113
    {
        /// <summary>Markup.</summary>
        public void AppendLiteral(string markup) => html._text.Append(markup);

        /// <summary>Text.</summary>
        public void AppendFormatted<T>(T value, string? format = null)
            => html._text.Append(Escape(value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? ""));
    }
}
