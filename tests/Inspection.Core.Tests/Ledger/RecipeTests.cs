using Inspection.Testing;

namespace Inspection.Core.Tests.Ledger;

public sealed class RecipeTests
{
    [Fact]
    public void The_defaults_are_within_their_ranges() => Some.Recipe.Errors().ShouldBeEmpty();

    [Fact]
    public void All_errors_are_reported_together_with_name_and_range()
    {
        var recipe = Some.Recipe with
        {
            Name = "Über/../x",
            Rules = new TripRules { Deadline = TimeSpan.FromMilliseconds(5), RejectsInARow = 0 },
            Output = new PartOutput { PassPulse = TimeSpan.FromSeconds(2) },
        };
        recipe.Errors().Select(e => e.Name).ShouldBe(["recipe.name", "recipe.rules.deadline", "recipe.rules.rejectsInARow", "recipe.output.passPulse"]);
        recipe.Errors()[1].ToString().ShouldBe("recipe.rules.deadline: found 5; allowed: 20–5000 ms");
    }

    [Theory]
    [InlineData(null, 12f, true)]
    [InlineData(15f, 12f, true)]
    [InlineData(15f, 15f, false)]
    [InlineData(null, float.NaN, false)]
    [InlineData(null, float.PositiveInfinity, false)]
    public void The_limit_from_which_on_a_person_looks_is_a_number_below_the_threshold(float? threshold, float unsureAbove, bool ok)
    {
        var recipe = Some.Recipe with { Model = Some.Recipe.Model with { Threshold = threshold, UnsureAbove = unsureAbove } };
        recipe.Errors().Select(e => e.Name).ShouldBe(ok ? [] : ["recipe.model.unsureAbove"]);
    }

    [Theory]
    [InlineData("demo-part", true)]
    [InlineData("a_1", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("a+", false)]
    public void Names_are_safe_on_every_disk_and_in_every_topic(string name, bool ok) => Recipe.IsName(name).ShouldBe(ok);
}
