using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

public sealed class KeyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeRelay _relay = new();

    private Interlock Interlock(int discrepancy = 500)
        => new(_time, _relay, new InterlockOptions { KeyDiscrepancy = TimeSpan.FromMilliseconds(discrepancy) }, _ => { });

    [Theory]
    [InlineData(true, false, 500)]
    [InlineData(false, true, 500)]
    [InlineData(true, false, 100)]
    [InlineData(false, true, 3000)]
    public void Contacts_that_disagree_for_longer_than_the_setting_are_Faulted(bool closing, bool opening, int discrepancy)
    {
        var interlock = Interlock(discrepancy);
        interlock.SetKey(closing, opening);
        _time.Advance(TimeSpan.FromMilliseconds(discrepancy));
        interlock.SetKey(closing, opening);
        interlock.State.ShouldBe(InterlockState.Stopped);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        interlock.SetKey(closing, opening);
        interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.KeyChannels);
        for (var i = 0; i < 30; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            interlock.Turn();
        }
        interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("key-channels");
        interlock.SetKey(false, false);
        interlock.Reset(Some.Operator, ResetAnswer.None)!.Code.ShouldBe("not-permitted");
        interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
    }

    [Fact]
    public void A_hand_that_turns_slowly_is_no_fault_and_the_key_alone_does_nothing()
    {
        var interlock = Interlock();
        for (var i = 0; i < 20; i++)
        {
            interlock.SetKey(true, false);
            _time.Advance(TimeSpan.FromMilliseconds(400));
            interlock.SetKey(true, i % 2 == 0);
            interlock.SetKey(i % 2 == 0, i % 2 == 0);
        }
        interlock.State.ShouldBe(InterlockState.Stopped);
        _relay.Enabled.ShouldBeFalse();
    }

    [Theory]
    [InlineData(99)]
    [InlineData(3001)]
    public void The_setting_has_its_range(int milliseconds)
        => new InterlockOptions { KeyDiscrepancy = TimeSpan.FromMilliseconds(milliseconds) }.Errors().ShouldHaveSingleItem().Allowed.ShouldBe("100–3000 ms");
}
