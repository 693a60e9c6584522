namespace Inspection.Core;

/// <summary>
/// Calls the setter at the third trip of one kind within an hour: who resets the same cause again and again treats the
/// symptom. The alarm ends when a person whose role includes <see cref="Permission.AnswerRepeatedTrips"/> resets.
/// </summary>
/// <param name="alarms">Where the setter is called.</param>
/// <param name="time">Its monotonic time counts the hour.</param>
public sealed class RepeatedTrips(Alarms alarms, TimeProvider time)
{
    /// <summary>So many trips of one kind call the setter.</summary>
    public const int Limit = 3;

    /// <summary>Within this time.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private const string RepeatAlarm = "trips-repeat";

    // The last trips of each cause, oldest first; 0 stands for none.
    private readonly long[][] _trips = [.. Enum.GetValues<TripCause>().Select(_ => new long[Limit])];

    /// <summary>Sees each transition, in order. Returns at once.</summary>
    public void See(InterlockTransition transition)
    {
        if (transition.From == transition.To) return;
        if (transition.Cause is { } cause) Count(cause);
        else if (transition.From is InterlockState.Tripped or InterlockState.Faulted && transition.Who.May(Permission.AnswerRepeatedTrips)) alarms.Clear(RepeatAlarm);
    }

    private void Count(TripCause cause)
    {
        var trips = _trips[(int)cause];
        var now = time.GetTimestamp();
        Array.Copy(trips, 1, trips, 0, Limit - 1);
        trips[^1] = now;
        if (trips[0] != 0 && time.GetElapsedTime(trips[0], now) <= Window)
            alarms.Raise(RepeatAlarm, AlarmPriority.Medium, $"{Codes.Of(cause)} tripped {Limit} times within an hour.", "Call the setter: find out why it comes again, then let the setter reset.");
    }
}
