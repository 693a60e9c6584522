namespace Inspection.Core;

/// <summary>One thing that is wrong in a configuration; all of them are reported together before the start.</summary>
/// <param name="Name">The setting's full name, such as <c>mqtt.consumerExpiry</c>.</param>
/// <param name="Problem">What was found.</param>
/// <param name="Allowed">What is allowed: the range with its unit, or the choices.</param>
public sealed record SettingError(string Name, string Problem, string Allowed)
{
    /// <inheritdoc />
    public override string ToString() => $"{Name}: {Problem}; allowed: {Allowed}";
}
