// A station mostly waits, and the guest counts its own time, so one is hardly disturbed by two others. Under --long,
// where the times are the figures to report, nothing runs beside it.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.All, MaxThreads = 3)]
[assembly: TestCollectionOrderer(typeof(Inspection.Faults.Tests.LongestFirst))]

namespace Inspection.Faults.Tests;

/// <summary>The guest first: it takes as long as many others, which run beside it.</summary>
public sealed class LongestFirst : Xunit.v3.ITestCollectionOrderer
{
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : Xunit.Sdk.ITestCollection
        => [.. testCollections.OrderByDescending(c => c.TestCollectionDisplayName.Contains(nameof(GuestFaultTests), StringComparison.Ordinal))];
}
