namespace Inspection.Core.Tests;

public sealed class LampsTests
{
    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Lamps Of(InterlockState state, bool many = false, bool asked = false, TimeSpan? sinceTrip = null, TimeSpan? left = null, double clock = 0)
        => Lamps.Of(new LampReasons(state, many, asked, sinceTrip, left), Ms(clock));

    [Theory]
    [InlineData(InterlockState.Stopped, false)]
    [InlineData(InterlockState.Running, false)]
    [InlineData(InterlockState.Tripped, true)]
    [InlineData(InterlockState.Faulted, true)]
    [InlineData(InterlockState.Bypassed, false)]
    public void Blue_is_lit_while_a_reset_is_waited_for(InterlockState state, bool blue) => Of(state).Blue.ShouldBe(blue);

    [Fact]
    public void Blue_is_lit_in_every_state_in_which_somebody_is_asked_for_something()
        => Enum.GetValues<InterlockState>().ShouldAllBe(state => Of(state, false, true, null, null, 0).Blue);

    [Fact]
    public void Yellow_is_steady_in_a_bypass_and_blinks_once_a_second_for_many_indeterminates()
    {
        for (var clock = 0; clock < 3000; clock += 100)
        {
            Of(InterlockState.Bypassed, many: true, clock: clock).Yellow.ShouldBeTrue();
            Of(InterlockState.Running, many: true, clock: clock).Yellow.ShouldBe(clock % 1000 < 500);
            Of(InterlockState.Running, clock: clock).Yellow.ShouldBeFalse();
        }
    }

    [Fact]
    public void The_buzzer_sounds_for_3_s_at_a_trip()
    {
        Of(InterlockState.Tripped, sinceTrip: Ms(0)).Buzzer.ShouldBeTrue();
        Of(InterlockState.Tripped, sinceTrip: Ms(2999)).Buzzer.ShouldBeTrue();
        Of(InterlockState.Tripped, sinceTrip: Ms(3000)).Buzzer.ShouldBeFalse();
        Of(InterlockState.Tripped).Buzzer.ShouldBeFalse();
    }

    [Fact]
    public void The_buzzer_sounds_for_1_s_in_each_10_s_of_a_bypasss_last_2_minutes()
    {
        Of(InterlockState.Bypassed, left: Ms(120_001)).Buzzer.ShouldBeFalse();
        var seconds = Enumerable.Range(0, 120).Select(passed => Of(InterlockState.Bypassed, left: Ms(120_000 - (passed * 1000) - 500)).Buzzer).ToList();
        for (var passed = 0; passed < 120; passed++) seconds[passed].ShouldBe(passed % 10 == 0, $"{passed} s");
        Of(InterlockState.Bypassed, left: TimeSpan.Zero).Buzzer.ShouldBeFalse();
        Of(InterlockState.Running, left: Ms(60_000)).Buzzer.ShouldBeFalse();
    }
}
