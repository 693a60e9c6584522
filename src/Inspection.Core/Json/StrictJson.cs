using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Inspection.Core;

/// <summary>
/// Reads a JSON object that people write into a record and tells everything that does not fit at once, each with its full
/// name: unknown members with the nearest known one, absent ones, values of the wrong type, nulls. The framework's own
/// reader stops at the first and names types of the program.
/// </summary>
public static partial class StrictJson
{
    private const int ShownCharacters = 60;

    /// <summary>Reads the members that fit and reports the others.</summary>
    /// <typeparam name="T">The record; its defaults stand for absent members.</typeparam>
    /// <param name="json">The object.</param>
    /// <param name="prefix">Stands before each name, such as <c>secrets.</c>; may be empty.</param>
    /// <param name="errors">Receives what does not fit; with any the record is good for nothing but finding more of them.</param>
    public static T Read<T>(JsonObject json, string prefix, List<SettingError> errors)
    {
        var paths = Paths(typeof(T), prefix, 0).ToList();
        return Members(json, typeof(T), prefix, paths, errors).Deserialize<T>(CoreJson.Options)!;
    }

    /// <summary>What is out of range, without what only follows from members that <see cref="Read"/> has reported.</summary>
    /// <param name="ranges">All that the record that was read finds out of range.</param>
    /// <param name="reported">What <see cref="Read"/> reported.</param>
    /// <param name="prefix">As given to <see cref="Read"/>.</param>
    public static IEnumerable<SettingError> WithoutConsequences(IEnumerable<SettingError> ranges, IReadOnlyList<SettingError> reported, string prefix)
        => ranges.Where(range => !reported.Any(error => IsAbout(range, error.Name, error.Name[prefix.Length..])));

    private static bool IsAbout(SettingError range, string full, string name)
    {
        // A range is told of a list as a whole, without the element's index.
        var plain = Index().Replace(full, "");
        return range.Name == plain || range.Name.StartsWith(plain + ".", StringComparison.Ordinal)
            || (plain != full && plain.StartsWith(range.Name + ".", StringComparison.Ordinal))
            || (name.Contains('.', StringComparison.Ordinal) && (range.Problem.Contains(name, StringComparison.Ordinal) || range.Allowed.Contains(name, StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();

    private static JsonObject Members(JsonObject json, Type type, string prefix, List<string> paths, List<SettingError> errors)
    {
        var fitting = new JsonObject();
        var members = Settable(type).ToList();
        foreach (var (name, value) in json)
        {
            if (members.Find(p => p.Name == name) is { } member)
            {
                if (Fitted(value, member.PropertyType, member.IsSetNullable, prefix + name, paths, errors, out var fitted)) fitting[name] = fitted;
            }
            else
            {
                var near = Nearest(name, members.ConvertAll(p => prefix + p.Name), paths);
                errors.Add(new(prefix + name, near is null ? "unknown setting" : $"unknown setting, the nearest is {near}", string.Join(", ", members.Select(p => p.Name))));
            }
        }
        foreach (var member in members.Where(p => p.IsRequired && !fitting.ContainsKey(p.Name)))
        {
            if (!json.ContainsKey(member.Name)) errors.Add(new(prefix + member.Name, "absent", Describe(member.PropertyType)));
            fitting[member.Name] = StandIn(member.PropertyType);
        }
        return fitting;
    }

    private static bool Fitted(JsonNode? value, Type type, bool nullable, string full, List<string> paths, List<SettingError> errors, out JsonNode? fitted)
    {
        fitted = null;
        if (value is null && nullable) return true;
        var kind = CoreJson.Options.GetTypeInfo(type);
        if (kind.Kind == JsonTypeInfoKind.Object && value is JsonObject section)
        {
            fitted = Members(section, type, full + ".", paths, errors);
            return true;
        }
        if (kind is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && value is JsonArray list)
        {
            var items = new JsonArray();
            for (var i = 0; i < list.Count; i++) items.Add(Fitted(list[i], element, false, $"{full}[{i}]", paths, errors, out var item) ? item : StandIn(element));
            fitted = items;
            return true;
        }
        if (value is not null && IsRead(value, type))
        {
            fitted = value.DeepClone();
            return true;
        }
        errors.Add(new(full, $"found {Shown(value)}", Describe(type)));
        return false;
    }

    private static bool IsRead(JsonNode value, Type type)
    {
        try
        {
            return value.Deserialize(type, CoreJson.Options) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<JsonPropertyInfo> Settable(Type type) => CoreJson.Options.GetTypeInfo(type).Properties.Where(p => p.Set is not null);

    /// <summary>The full names of all that can be set, to find what somebody meant.</summary>
    private static IEnumerable<string> Paths(Type type, string prefix, int depth)
    {
        foreach (var member in Settable(type))
        {
            yield return prefix + member.Name;
            if (depth < 4 && CoreJson.Options.GetTypeInfo(member.PropertyType).Kind == JsonTypeInfoKind.Object)
                foreach (var path in Paths(member.PropertyType, prefix + member.Name + ".", depth + 1)) yield return path;
        }
    }

    /// <summary>The known name that somebody most likely meant: one of the same section before the same word elsewhere.</summary>
    private static string? Nearest(string name, List<string> siblings, List<string> paths)
        => siblings.Select(path => (Path: path, Far: Distance(name, path)))
            .Concat(paths.Select(path => (Path: path, Far: Distance(name, path))))
            .Where(near => 3 * near.Far <= name.Length).OrderBy(near => near.Far).FirstOrDefault().Path;

    /// <summary>How many letters differ between a name and the last part of a full name (Levenshtein); capitals do not count.</summary>
    private static int Distance(string name, string path)
    {
        var (a, b) = (name.ToLowerInvariant(), path[(path.LastIndexOf('.') + 1)..].ToLowerInvariant());
        // No known name is so long, and the work grows with the square.
        if (a.Length > 2 * ShownCharacters) return int.MaxValue / 3;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var corner = row[0]++;
            for (var j = 1; j <= b.Length; j++)
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }

    /// <summary>Something of the right form in place of a required member that is not there, so that the ranges of all others can still be checked.</summary>
    private static JsonNode StandIn(Type type)
    {
        if (CoreJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable) return new JsonArray();
        if (CoreJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object) return Members([], type, "", [], []);
        if (type.IsEnum) return JsonNamingPolicy.KebabCaseLower.ConvertName(Enum.GetNames(type)[0]);
        return type == typeof(string) ? "x" : type == typeof(bool) ? false : type == typeof(TimeSpan) ? "1 s" : type == typeof(TimeOnly) ? "00:00" : type == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch : 1;
    }

    private static string Shown(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
    }

    private static string Describe(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(TimeSpan)) return "a duration with its unit, such as \"200 ms\", \"30 s\", \"8 h\" or \"7 d\"";
        if (plain == typeof(TimeOnly)) return "a time of day, such as \"06:00\" or \"22:30\"";
        if (plain == typeof(string)) return "text";
        if (plain == typeof(bool)) return "true or false";
        if (plain == typeof(int) || plain == typeof(long)) return "a whole number";
        if (plain.IsPrimitive) return "a number";
        if (plain.IsEnum) return string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.KebabCaseLower.ConvertName));
        if (CoreJson.Options.GetTypeInfo(plain).Kind == JsonTypeInfoKind.Enumerable) return "a list in square brackets";
        return "an object in braces with " + string.Join(", ", Settable(plain).Select(p => p.Name));
    }
}
