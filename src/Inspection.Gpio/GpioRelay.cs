using System.Runtime.ExceptionServices;
using Inspection.Core;

namespace Inspection.Gpio;

/// <summary>
/// The station's relay, its contact and its pass line, each level read back after it was written. Called under the
/// interlock's lock; a write allocates nothing.
/// </summary>
public sealed class GpioRelay : IRelay
{
    private readonly WatchdogRelay _relay;
    private readonly DeviceOutput _pass;
    private readonly FeedbackContact? _feedback;

    internal GpioRelay(WatchdogRelay relay, DeviceOutput pass, FeedbackContact? feedback) => (_relay, _pass, _feedback) = (relay, pass, feedback);

    /// <inheritdoc />
    public bool? PulledIn => _feedback?.IsPulledIn();

    /// <inheritdoc />
    public void Energize() => _relay.Energize();

    /// <inheritdoc />
    public void DeEnergize()
    {
        IOException? failed = null;
        try
        {
            _relay.DeEnergize();
        }
        catch (IOException e)
        {
            failed = e;
        }
        var pass = _pass.TryWrite(false);
        if ((failed ?? pass) is { } first) ExceptionDispatchInfo.Throw(first);
    }

    /// <inheritdoc />
    public void Beat() => _relay.Beat();

    /// <inheritdoc />
    public void SetPass(bool active) => _pass.Write(active);
}
