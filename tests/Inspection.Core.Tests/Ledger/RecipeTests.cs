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
    [InlineData("demo-part", true)]
    [InlineData("a_1", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("a+", false)]
    public void Names_are_safe_on_every_disk_and_in_every_topic(string name, bool ok) => Recipe.IsName(name).ShouldBe(ok);
}
