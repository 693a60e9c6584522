using System.Buffers;
using System.Globalization;
using System.Text;
using Inspection.Core;

namespace Inspection.Mqtt;

/// <summary>What the plant may ask of the station. Only that it stops the line; that is always obeyed.</summary>
internal sealed class Commands(MqttStation station)
{
    /// <summary>Characters of a reason that are kept; the rest is only counted.</summary>
    private const int MaxReason = 200;

    /// <summary>Senders that are counted one by one; all others together.</summary>
    private const int MaxSenders = 64;

    private const string OtherSenders = "other senders";
    private static readonly TimeSpan EntryPeriod = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Sender> _senders = new(StringComparer.Ordinal);

    /// <summary>Trips the interlock. What changes its state is entered at once, what changes nothing once a minute for each sender, with a count; every request is obeyed.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="payload">A reason; anything that is no text is left out.</param>
    public void RequestTrip(string client, ReadOnlySequence<byte> payload) => Obey(client, Reason(payload));

    /// <summary>The same for a message that is too long to be read.</summary>
    public void RequestTripUnread(string client) => Obey(client, "(a message too long to be read)");

    /// <summary>Enters what was counted since a sender's last entry, once its minute is over.</summary>
    /// <param name="all">At the end: also where the minute is not over.</param>
    public void EnterCounted(bool all = false)
    {
        lock (_gate)
        {
            var now = station.Time.GetTimestamp();
            foreach (var (client, sender) in _senders.ToList())
            {
                if (!all && station.Time.GetElapsedTime(sender.Entered, now) < EntryPeriod) continue;
                _senders.Remove(client);
                if (sender.More == 0) continue;
                Enter(client, $"obeyed; {station.Interlock.State}; {sender.More} more since the last entry", sender.Reason);
                _senders[client] = new Sender(now);
            }
        }
    }

    private void Obey(string client, string reason)
    {
        var before = station.Interlock.State;
        client = Line(client, out _);
        station.Interlock.Trip(TripCause.Request, reason.Length == 0 ? $"requested by {client}" : $"requested by {client}: {reason}", Who.Plant(client));
        lock (_gate)
        {
            // While a stop of category 1 lets the zone run out, requests change nothing either.
            var changed = before != station.Interlock.State;
            if (!_senders.ContainsKey(client) && _senders.Count >= MaxSenders) client = OtherSenders;
            if (!changed && _senders.TryGetValue(client, out var known) && station.Time.GetElapsedTime(known.Entered) < EntryPeriod)
            {
                (known.More, known.Reason) = (known.More + 1, reason);
                return;
            }
            var more = _senders.TryGetValue(client, out var ended) && ended.More > 0 ? $"; {ended.More} more since the last entry" : "";
            _senders[client] = new Sender(station.Time.GetTimestamp());
            Enter(client, $"obeyed; {station.Interlock.State}{more}", reason);
        }
    }

    private void Enter(string client, string outcome, string reason)
        => station.Append(new CommandEntry(station.Time, station.Simulated, Who.Plant(client), "request-trip", outcome, reason));

    /// <summary>What of a payload is text, with a mark where it was shortened.</summary>
    private static string Reason(ReadOnlySequence<byte> payload)
    {
        var read = payload.Slice(0, Math.Min(payload.Length, 8 * MaxReason));
        var reason = Line(Encoding.UTF8.GetString(read), out var shortened);
        return shortened || payload.Length > read.Length ? $"{reason}… (shortened from {payload.Length} bytes)" : reason;
    }

    /// <summary>
    /// One line of text without what could garble a page or a log: control and direction characters, and marks above or
    /// below a letter beyond its first, which would pile up over neighbouring rows.
    /// </summary>
    private static string Line(string whole, out bool shortened)
    {
        var text = new StringBuilder();
        var (left, marked) = (MaxReason, true);
        foreach (var rune in whole.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar) continue;
            if (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control)
            {
                marked = true;
                if (text.Length > 0 && text[^1] != ' ') text.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
            {
                var isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
                if (isMark && marked) continue;
                marked = isMark;
                if (left-- == 0) break;
                text.Append(rune);
            }
        }
        shortened = left < 0;
        return text.ToString().TrimEnd();
    }

    private sealed class Sender(long entered)
    {
        public long Entered { get; } = entered;

        public int More { get; set; }

        /// <summary>Of the last request that was only counted.</summary>
        public string Reason { get; set; } = "";
    }
}
