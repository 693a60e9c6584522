using System.Globalization;
using System.Text.Json;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>Reads a pin map strictly and reports everything that is wrong with it at once.</summary>
internal sealed class PinMapReader
{
    private const int MaxLine = 511;

    private readonly string _origin;
    private readonly List<SettingError> _errors = [];
    private readonly List<Pin> _pins = [];
    private bool _feedbackWired = true;

    private PinMapReader(string origin) => _origin = origin;

    /// <summary>Reads a map.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="origin">Where they come from, for the messages.</param>
    /// <param name="map">The map, or null where anything is wrong.</param>
    public static IReadOnlyList<SettingError> Read(ReadOnlyMemory<byte> json, string origin, out PinMap? map)
    {
        var reader = new PinMapReader(origin);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            reader.ReadMap(document.RootElement);
        }
        catch (JsonException e)
        {
            reader.Wrong("", $"is not the JSON of a pin map: {e.Message}", "see hardware/pin-map.schema.json");
        }
        map = reader._errors.Count == 0 ? new PinMap(reader._pins) : null;
        return reader._errors;
    }

    private void ReadMap(JsonElement map)
    {
        if (map.ValueKind != JsonValueKind.Object)
        {
            Wrong("", $"is {Kind(map)}", "a JSON object with schema and lines");
            return;
        }
        RefuseOthers(map, "", "$schema", "schema", "relayFeedback", "lines");
        if (!map.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.Number || !schema.TryGetInt32(out var version))
            Wrong("schema", "is missing or not a number", "1");
        else if (version != 1)
            Wrong("schema", $"found {version}", version > 1 ? "1; install the version of the station that this map was made for" : "1");

        if (map.TryGetProperty("relayFeedback", out _)) _feedbackWired = Choice(map, "", "relayFeedback", "wired", "none") != "none";

        if (!map.TryGetProperty("lines", out var lines) || lines.ValueKind != JsonValueKind.Array)
        {
            Wrong("lines", "is missing or not a list", "a list of lines");
            return;
        }
        var at = 0;
        foreach (var line in lines.EnumerateArray()) ReadLine(line, $"lines[{at++}]");
        Compare();
    }

    private void ReadLine(JsonElement line, string at)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            Wrong(at, $"is {Kind(line)}", "a JSON object");
            return;
        }
        RefuseOthers(line, at + ".", "name", "direction", "line", "polarity", "contact", "bias", "debounce", "purpose");
        var before = _errors.Count;
        var name = Choice(line, at, "name", [.. LineNames.Outputs, .. LineNames.Inputs]);
        var direction = Choice(line, at, "direction", "output", "input");
        var polarity = Choice(line, at, "polarity", "high", "low");
        var number = Number(line, at);
        var purpose = Purpose(line, at);
        var isInput = LineNames.Inputs.Contains(name);
        if (name.Length > 0 && direction.Length > 0 && isInput != (direction == "input"))
            Wrong($"{at}.direction", $"{name} used as {direction}", isInput ? "input" : "output");

        var (contact, bias, debounce) = ("", "none", 0);
        if (isInput)
        {
            contact = Choice(line, at, "contact", "normally-closed", "normally-open");
            if (line.TryGetProperty("bias", out _)) bias = Choice(line, at, "bias", "pull-down", "pull-up", "none");
            if (name == LineNames.Key && contact == "normally-closed" || name == LineNames.KeyOpening && contact == "normally-open")
                Wrong($"{at}.contact", $"{name} {contact}; two contacts of one kind fail together", name == LineNames.Key ? "normally-open" : "normally-closed");
            if (LineNames.ActiveWhenCut.Contains(name)) HasToRead("active", "normally-closed", at, name, contact, bias, polarity);
            if (LineNames.RestWhenCut.Contains(name)) HasToRead("at rest", "normally-open", at, name, contact, bias, polarity);
            debounce = Debounce(line, at, name);
        }
        else if (line.TryGetProperty("contact", out _) || line.TryGetProperty("bias", out _) || line.TryGetProperty("debounce", out _))
            Wrong(at, $"{name} is an output with a contact, a bias or a debounce", "these only at inputs");

        if (_errors.Count > before) return;
        _pins.Add(new Pin(
            name, number, polarity == "high",
            contact switch { "normally-closed" => Contact.NormallyClosed, "normally-open" => Contact.NormallyOpen, _ => Contact.None },
            bias switch { "pull-down" => Bias.PullDown, "pull-up" => Bias.PullUp, _ => Bias.None },
            purpose)
        { Debounce = TimeSpan.FromMilliseconds(debounce) });
    }

    /// <summary>A cut wire must stop, never seem to be well; and must never press, nor confirm, anything. It reads like an open contact.</summary>
    private void HasToRead(string state, string kind, string at, string name, string contact, string bias, string polarity)
    {
        var problem = $"{name} would not read as {state} when its wire is cut";
        if (contact.Length > 0 && contact != kind) Wrong($"{at}.contact", problem, kind);
        if ((bias, polarity) is ("pull-up", "high") or ("pull-down", "low"))
            Wrong($"{at}.bias", problem, polarity == "high" ? "pull-down or none" : "pull-up or none");
    }

    /// <summary>
    /// The kernel's debounce waits until a contact rests, so one that bounces on and on is never told: not for the contacts
    /// whose worst must be seen at once, and not for pulses.
    /// </summary>
    private int Debounce(JsonElement line, string at, string name)
    {
        var atOnce = name is LineNames.EStop or LineNames.StopSwitch or LineNames.Key or LineNames.KeyOpening or LineNames.RelayFeedback;
        if (!line.TryGetProperty("debounce", out var value))
            return name is LineNames.StartButton or LineNames.ResetButton or LineNames.Bridge or LineNames.BinFull or LineNames.BinDoor or LineNames.AirPressure ? 10 : 0;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var milliseconds) && milliseconds >= 0 && milliseconds <= (atOnce ? 0 : 100))
            return milliseconds;
        Wrong($"{at}.debounce", $"found {value.GetRawText()}", atOnce ? $"0: {name} must be seen at once" : "0–100 ms, a whole number");
        return 0;
    }

    private void Compare()
    {
        foreach (var same in _pins.GroupBy(pin => pin.Line).Where(group => group.Count() > 1))
            Wrong("lines", $"line {same.Key} is used by {string.Join(" and ", same.Select(pin => pin.Name))}", "each number once");
        foreach (var same in _pins.GroupBy(pin => pin.Name).Where(group => group.Count() > 1))
            Wrong("lines", $"{same.Key} is there {same.Count()} times", "each name once");
        // Lines with an error of their own are not in the list; only when all could be read is one truly missing.
        if (_errors.Count > 0) return;
        foreach (var name in LineNames.Required.Except(_pins.Select(pin => pin.Name)))
        {
            if (name != LineNames.RelayFeedback) Wrong("lines", $"{name} is missing", "every line of the station");
            else if (_feedbackWired) Wrong("lines", $"{name} is missing, so a welded relay would stay unseen", "every line of the station; or \"relayFeedback\": \"none\", which page and status then show");
        }
        if (!_feedbackWired && _pins.Exists(pin => pin.Name == LineNames.RelayFeedback))
            Wrong("relayFeedback", $"found none, but there is a line {LineNames.RelayFeedback}", "wired, or no such line");
    }

    private string Choice(JsonElement line, string at, string property, params string[] choices)
    {
        var found = line.TryGetProperty(property, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString()! : Kind(value)
            : "nothing";
        if (choices.Contains(found)) return found;
        Wrong(at.Length > 0 ? $"{at}.{property}" : property, $"found {found}", string.Join(", ", choices));
        return "";
    }

    private int Number(JsonElement line, string at)
    {
        if (line.TryGetProperty("line", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) && number is >= 0 and <= MaxLine)
            return number;
        Wrong($"{at}.line", value.ValueKind == JsonValueKind.Undefined ? "found nothing" : $"found {value.GetRawText()}", string.Create(CultureInfo.InvariantCulture, $"0–{MaxLine}"));
        return -1;
    }

    private string Purpose(JsonElement line, string at)
    {
        if (line.TryGetProperty("purpose", out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 200 } purpose)
            return purpose;
        Wrong($"{at}.purpose", "is missing, empty or too long", "1–200 characters");
        return "";
    }

    private void RefuseOthers(JsonElement element, string at, params string[] known)
    {
        foreach (var property in element.EnumerateObject())
            if (!known.Contains(property.Name)) Wrong(at + property.Name, "is not known", string.Join(", ", known));
    }

    private void Wrong(string at, string problem, string allowed)
        => _errors.Add(new("gpio.pinMap" + (at.Length > 0 ? "." + at : ""), $"{problem} (in {_origin})", allowed));

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}
