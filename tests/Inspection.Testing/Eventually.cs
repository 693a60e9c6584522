using System.Runtime.CompilerServices;

namespace Inspection.Testing;

/// <summary>Waits for something to become true, without sleeping through it.</summary>
public static class Eventually
{
    /// <summary>Returns as soon as the condition holds; throws after the time limit.</summary>
    /// <param name="condition">Looked at every few milliseconds.</param>
    /// <param name="within">Time limit, by default 10 s.</param>
    /// <param name="what">For the message.</param>
    public static async Task Holds(Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var limit = within ?? TimeSpan.FromSeconds(10);
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit) throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what}");
            await tick.WaitForNextTickAsync();
        }
    }
}
