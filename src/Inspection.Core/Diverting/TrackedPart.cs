namespace Inspection.Core;

/// <summary>One part on its way from the camera to the gate or the bin. Pooled; no lock of its own.</summary>
internal sealed class TrackedPart
{
    /// <summary>Its trigger.</summary>
    public Trigger Trigger { get; private set; }

    /// <summary>Where the belt was at its trigger; null until the ticks up to then are known, or when the position was lost.</summary>
    public long? Position { get; set; }

    /// <summary>Whether it came while energised and nothing has been uncertain since; only such a part may be let through, and only its way must be as expected.</summary>
    public bool Known { get; set; }

    /// <summary>Whether its position means nothing any more.</summary>
    public bool Lost { get; set; }

    /// <summary>Whether its Pass is durable and came in time.</summary>
    public bool Permitted { get; set; }

    /// <summary>Whether a person has overruled it to Reject, which nothing takes back.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>Its inspection, once durable.</summary>
    public InspectionNumber? Inspection { get; set; }

    /// <summary>Whether it has come to where the gate opens or stays at rest for it.</summary>
    public bool Decided { get; set; }

    /// <summary>The decision: the gate may open for it.</summary>
    public bool MayPass { get; set; }

    /// <summary>Whether it could have passed by itself, and is diverted because the belt was not known to be empty or with a part beside it.</summary>
    public bool ForOthers { get; set; }

    /// <summary>Whether a part beside it was the reason.</summary>
    public bool Crowded { get; set; }

    /// <summary>Whether it was let through without having been inspected, under a bypass.</summary>
    public bool NotInspected { get; set; }

    /// <summary>Whether the gate was shut for a moment in which it should have been open for it, so that it may have gone either way.</summary>
    public bool Cut { get; set; }

    /// <summary>Whether it is past the gate.</summary>
    public bool PastGate { get; set; }

    /// <summary>Whether the eye at the gate saw it.</summary>
    public bool SeenAtGate { get; set; }

    /// <summary>Whether the eye of the bin saw it.</summary>
    public bool InBin { get; set; }

    /// <summary>Begins anew with another part.</summary>
    public void Begin(in Trigger trigger, bool known)
    {
        Trigger = trigger;
        (Position, Inspection) = (null, null);
        Known = known;
        Lost = Permitted = Withdrawn = Decided = MayPass = ForOthers = Crowded = NotInspected = Cut = PastGate = SeenAtGate = InBin = false;
    }
}
