using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Store;

namespace Inspection.Station.Tests;

/// <summary>Parts that can be labelled.</summary>
internal static class PicturedParts
{
    /// <summary>
    /// Judges the photos once in a process of its own, and again until so many have a picture: on a machine that is busy with
    /// other things pictures come too late for their entries.
    /// </summary>
    /// <returns>How many times.</returns>
    public static async Task<int> InspectAsync(this StationBox box, int rejects, int passes)
    {
        for (var times = 1; ; times++)
        {
            await box.PlayOnceAsync(box.Run());
            var book = new LabelBook();
            new LabelsInLedger(new LedgerArchive(DataFolder.LedgerOf(box.Data)).Walk, null, DataFolder.PicturesOf(box.Data)).Follow(book).ShouldBeNull();
            var pictured = book.Candidates(book.Newest!).ToLookup(p => p.Verdict);
            if (pictured[VerdictKind.Reject].Count() >= rejects && pictured[VerdictKind.Pass].Count() >= passes) return times;
            times.ShouldBeLessThan(20, "hardly any picture is stored in time");
        }
    }
}
