using System.Globalization;

namespace Inspection.Station.Settings;

/// <summary>Which recipe judges.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Revision">Its revision; null for the newest.</param>
public sealed record RecipeChoice(string Name, int? Revision)
{
    /// <summary>What can be written.</summary>
    public const string Allowed = "NAME or NAME@REVISION; a name is 1–64 of a–z, 0–9, '-', '_', a revision a whole number from 1";

    /// <summary>Reads what a person wrote.</summary>
    /// <returns>The choice, or null when it is not one.</returns>
    public static RecipeChoice? Parse(string text)
    {
        var parts = text.Split('@');
        if (!Core.Recipe.IsName(parts[0])) return null;
        if (parts.Length == 1) return new(parts[0], null);
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision >= 1
            ? new(parts[0], revision)
            : null;
    }

    /// <inheritdoc />
    public override string ToString() => Revision is { } revision ? $"{Name}@{revision}" : Name;
}
