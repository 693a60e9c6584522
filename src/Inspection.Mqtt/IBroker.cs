using Inspection.Core;

namespace Inspection.Mqtt;

/// <summary>The way of messages to their receivers: through the station's own broker, or through the plant's.</summary>
internal interface IBroker : IAsyncDisposable
{
    /// <summary>The TCP port that it listens on, or that it connects to.</summary>
    int Port { get; }

    /// <summary>How it is.</summary>
    BrokerState State { get; }

    /// <summary>The broker and how it is, for a technician.</summary>
    string Text { get; }

    /// <summary>Monotonic time of the last acknowledgement by any reader; 0 before the first.</summary>
    long LastAcknowledged { get; }

    /// <summary>Everybody that messages wait for.</summary>
    IReadOnlyList<Reader> Readers();

    /// <summary>Does what is due twice a second.</summary>
    void Tick();

    /// <summary>Publishes <c>status</c>, retained, with its expiry.</summary>
    void PublishStatus(ReadOnlyMemory<byte> body);

    /// <summary>Ends as a killed process does: every socket at once, nothing said.</summary>
    void Cut();

}

/// <summary>One that messages wait for.</summary>
/// <param name="Consumer">The client's id; empty for the shared cursor.</param>
/// <param name="Connected">Whether somebody reads it now.</param>
/// <param name="At">The last message acknowledged.</param>
/// <param name="LastAcknowledged">Wall time of its last acknowledgement in this run; null before the first.</param>
internal sealed record Reader(string Consumer, bool Connected, LedgerPosition? At, DateTimeOffset? LastAcknowledged);
