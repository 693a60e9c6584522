using Inspection.Core;

namespace Inspection.Vision;

/// <summary>A model whose file, shapes and parity were checked: it may judge.</summary>
public sealed class LoadedModel : IDisposable
{
    internal LoadedModel(string folder, ModelCard card, PartTemplate? template, ModelSession session, float scoreLimit, bool acceptedNow)
    {
        (Folder, Card, Template, Session, ScoreLimit, AcceptedNow) = (folder, card, template, session, scoreLimit, acceptedNow);
        Identity = new ModelIdentity(card.Name, card.Version, card.Sha256!);
    }

    /// <summary>The version's folder.</summary>
    public string Folder { get; }

    /// <summary>The card, complete: what was written in <c>model.json</c> and what was found in the file.</summary>
    public ModelCard Card { get; }

    /// <summary>By what its parts are found, to be turned upright; null: it sees them as they lie.</summary>
    internal PartTemplate? Template { get; }

    /// <summary>Name, version and hash, as entries and messages carry them.</summary>
    public ModelIdentity Identity { get; }

    /// <summary>The open session; its owner disposes of this.</summary>
    public ModelSession Session { get; }

    /// <summary>The score can never exceed this because the model clips it; infinity where it does not.</summary>
    public float ScoreLimit { get; }

    /// <summary>A threshold that no score exceeds: a recipe with it has the model score and look for no regions.</summary>
    public float HighestThreshold => MathF.BitDecrement(MathF.Min(ScoreLimit, float.MaxValue));

    /// <summary>True when a foreign model was accepted for the first time, so that what was found is pinned from now on.</summary>
    public bool AcceptedNow { get; }

    /// <inheritdoc />
    public void Dispose() => Session.Dispose();
}
