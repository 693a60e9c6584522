namespace Inspection.Core;

/// <summary>What is in force for the parts being judged; immutable.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Model">The model.</param>
/// <param name="Lot">The lot, or null.</param>
/// <param name="ChipSimulated">True when the GPIO chip is simulated.</param>
public sealed record PipelineContext(Recipe Recipe, ModelIdentity Model, string? Lot, bool ChipSimulated)
{
    internal Who JudgedByModel { get; } = Who.Model(Model);

    internal Who JudgedByRule { get; } = Who.Rule("frame");
}
