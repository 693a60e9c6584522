using Inspection.Core;

namespace Inspection.Store;

/// <summary>What a reader loses with a day that is forgotten; tells when it is durable, so that the day can go.</summary>
internal sealed class RetentionGap(TimeProvider time, bool simulated, long count, string detail) : GapEntry(time, simulated, "retention", count, detail)
{
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits on this thread until the entry is durable.</summary>
    /// <returns>False when that took longer. Throws <see cref="OperationCanceledException"/>.</returns>
    public bool WaitDurable(TimeSpan within, CancellationToken stop) => _durable.Task.Wait((int)within.TotalMilliseconds, stop);

    /// <inheritdoc />
    public override void OnDurable(in EntryNumbers numbers) => _durable.TrySetResult();
}
