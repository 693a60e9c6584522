using Inspection.Core;
using Inspection.Mqtt.Embedded;

namespace Inspection.Mqtt.Tests;

public sealed class WindowTests
{
    private static readonly Guid Ledger = new("01890000-0000-7000-8000-000000000001");

    [Fact]
    public void In_whatever_order_acknowledgements_come_the_cursor_never_passes_a_missing_one()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var window = new Window(20);
            var messages = Enumerable.Range(1, 20).Select(n => new InFlight(new(Ledger, n), null)).ToArray();
            foreach (var message in messages) window.Add(message);
            window.Room.ShouldBe(0);
            var cursor = 0L;
            var acknowledged = new HashSet<long>();
            random.Shuffle(messages);
            foreach (var message in messages)
            {
                window.Complete(message);
                window.Complete(message);
                acknowledged.Add(message.At.Position);
                if (window.TakeDone() is [.., var last]) cursor = last.At.Position;
                cursor.ShouldBe(Enumerable.Range(1, 20).TakeWhile(n => acknowledged.Contains(n)).Count());
            }
            cursor.ShouldBe(20);
            window.Room.ShouldBe(20);
        }
    }

    [Fact]
    public void Messages_that_nobody_wants_take_no_room_but_never_grow_without_bound_behind_one_that_waits()
    {
        var window = new Window(20);
        window.Add(new InFlight(new(Ledger, 1), null));
        var added = 1;
        while (window.Room > 0) window.Add(new InFlight(new(Ledger, ++added), null) { Done = true });
        added.ShouldBe(512);
        window.TakeDone().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(5, 6, 0)]
    [InlineData(5, 7, 1)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 101, 100)]
    public void A_gap_is_what_lies_between_two_places(long has, long next, long lost)
        => Gaps.Between(new LedgerPosition(Ledger, has), new LedgerPosition(Ledger, next)).ShouldBe(lost);

    [Fact]
    public void A_reader_that_never_had_anything_has_lost_nothing()
        => Gaps.Between(null, new LedgerPosition(Ledger, 77)).ShouldBe(0);
}
