namespace Inspection.Gpio;

/// <summary>One change of an input's level.</summary>
/// <param name="Timestamp">When, in <see cref="TimeProvider"/> timestamp units of the chip's clock; on a real chip the kernel's own.</param>
/// <param name="High">The level after it, as the kernel read it: a pulse shorter than its interrupt may show the level before.</param>
/// <param name="Lost">Edges missing just before this one, because nobody took them in time.</param>
internal readonly record struct LineEdge(long Timestamp, bool High, int Lost);
