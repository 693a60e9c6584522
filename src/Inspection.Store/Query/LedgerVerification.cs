namespace Inspection.Store;

/// <summary>What a walk over all journals found.</summary>
/// <param name="Journals">Files read.</param>
/// <param name="Entries">Whole entries read up to the first bad place.</param>
/// <param name="FirstBad">The first bad place; null when all is well.</param>
/// <param name="Notes">What is no damage but worth knowing: an incomplete last record, days that retention has forgotten.</param>
public sealed record LedgerVerification(int Journals, long Entries, BadPlace? FirstBad, IReadOnlyList<string> Notes);

/// <summary>A place in a journal that is not as it was written.</summary>
/// <param name="File">The journal's name.</param>
/// <param name="Offset">Bytes from its beginning.</param>
/// <param name="Entry">Number of the entry expected there.</param>
/// <param name="Problem">What was found and what was expected.</param>
public sealed record BadPlace(string File, long Offset, long Entry, string Problem);
