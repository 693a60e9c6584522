using System.Text;

namespace Inspection.Vision;

/// <summary>Splits comma-separated text as RFC 4180 has it: quoted fields may hold commas, doubled quotes and line breaks.</summary>
internal static class CsvRows
{
    /// <summary>The rows with the line each begins on, from 1; empty lines are left out.</summary>
    /// <param name="text">The file's text, with any of the three line ends.</param>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Split(string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        var (line, began) = (1, 1);
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (quoted && i < text.Length)
            {
                if (c == '\n') line++;
                if (c != '"') field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
                else quoted = false;
                continue;
            }
            switch (c)
            {
                case '"' when field.Length == 0:
                    quoted = true;
                    break;
                case ',':
                    fields.Add(field.ToString());
                    field.Clear();
                    break;
                case '\r' when i + 1 < text.Length && text[i + 1] == '\n':
                    break;
                case '\n' or '\r':
                    if (fields.Count > 0 || field.Length > 0)
                    {
                        fields.Add(field.ToString());
                        yield return (began, fields);
                        fields = [];
                        field.Clear();
                    }
                    began = ++line;
                    break;
                default:
                    field.Append(c);
                    break;
            }
        }
    }
}
