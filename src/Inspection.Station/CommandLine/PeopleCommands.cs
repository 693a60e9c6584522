using System.CommandLine;
using Inspection.Core;

namespace Inspection.Station.CommandLine;

/// <summary><c>people add</c>: who may sign in.</summary>
internal static class PeopleCommands
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The person's name, 1–64 characters." };

    private static readonly Option<Role> RoleOption = new("--role")
    {
        Description = "What the person may do: operator, setter, quality, maintenance or administrator.",
        HelpName = "ROLE",
        Required = true,
    };

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var add = new Command("add", "Adds a person, or gives one a new PIN and role. The PIN is asked for, never an argument.") { Name, RoleOption, Data, Json };
        add.SetAction(parsed => Output.Fail(new Failure("not-built-in", "People are not built into this version.")));
        return new Command("people", "Who may sign in at the page.") { add };
    }
}
