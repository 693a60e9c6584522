namespace Inspection.Vision;

/// <summary>How a part lies before the camera, against the reference photo of its template.</summary>
/// <param name="Finding">Whether it was found.</param>
/// <param name="Turn">Degrees, counter-clockwise, −180 to 180.</param>
/// <param name="Likeness">Correlation of its edges with the template's, −1 to 1.</param>
/// <param name="ToPhoto">Where the upright part's points are on the photo; unturned where the part was not found.</param>
internal readonly record struct Pose(PoseFinding Finding, double Turn, double Likeness, UprightMap ToPhoto);

/// <summary>Whether a part was found.</summary>
internal enum PoseFinding
{
    /// <summary>Nothing in the picture is like the template.</summary>
    Unlike,

    /// <summary>It is turned farther than the model allows.</summary>
    TurnedTooFar,

    /// <summary>A part of what must be seen lies outside the picture.</summary>
    CutOff,

    /// <summary>Found, and all that must be seen is in the picture.</summary>
    Found,
}
