using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.PeopleTests;

public sealed class PeopleTests
{
    private readonly FakeTimeProvider _time = new();

    private People Ada() => new([Person.Create("Ada", Role.Maintenance, "4711").Value!], _time);

    [Fact]
    public void A_person_signs_in_with_name_and_PIN()
    {
        var who = Ada().SignIn("Ada", "4711").Value!;
        who.IsPerson.ShouldBeTrue();
        who.Role.ShouldBe(Role.Maintenance);
    }

    [Theory]
    [InlineData("Ada", "4712")]
    [InlineData("Ada", "")]
    [InlineData("Eve", "4711")]
    [InlineData("", "")]
    public void A_wrong_name_and_a_wrong_PIN_are_told_apart_by_nobody(string name, string pin)
        => Ada().SignIn(name, pin).Failure!.Message.ShouldBe("Name and PIN do not belong together.");

    [Fact]
    public void After_five_wrong_PINs_even_the_right_one_waits_30_seconds()
    {
        var people = Ada();
        for (var i = 0; i < 5; i++) people.SignIn("Ada", "0000");
        people.SignIn("Ada", "4711").Failure!.Code.ShouldBe("too-many-tries");
        _time.Advance(TimeSpan.FromSeconds(31));
        people.SignIn("Ada", "4711").Succeeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "4711", "bad-name")]
    [InlineData(" Ada", "4711", "bad-name")]
    [InlineData("A\nB", "4711", "bad-name")]
    [InlineData("Ada", "471", "bad-pin")]
    [InlineData("Ada", "47a1", "bad-pin")]
    [InlineData("Ada", "1234567890123", "bad-pin")]
    public void Names_and_PINs_out_of_range_are_refused(string name, string pin, string code)
        => Person.Create(name, Role.Operator, pin).Failure!.Code.ShouldBe(code);

    [Fact]
    public void The_PIN_is_not_in_the_record()
    {
        var person = Person.Create("Ada", Role.Operator, "4711").Value!;
        System.Text.Json.JsonSerializer.Serialize(person).ShouldNotContain("4711");
        person.HasPin("4711").ShouldBeTrue();
    }

    [Fact]
    public void Only_maintenance_and_administrators_reset_a_fault()
    {
        foreach (var role in Enum.GetValues<Role>())
            Who.Person("x", role).May(Permission.ResetFault).ShouldBe(role is Role.Maintenance or Role.Administrator);
        Who.Station.May(Permission.StartAndReset).ShouldBeFalse();
    }
}
