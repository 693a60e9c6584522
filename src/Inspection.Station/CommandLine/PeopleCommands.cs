using System.CommandLine;
using Inspection.Core;
using Inspection.Store;

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
        var add = new Command("add", "Adds a person. The PIN is asked for, never an argument; from a pipe it is one line of stdin.") { Name, RoleOption, Data, Json };
        add.SetAction(parsed => Add(parsed.GetRequiredValue(Name), parsed.GetValue(RoleOption), Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json)));
        return new Command("people", "Who may sign in at the page.") { add };
    }

    private static int Add(string name, Role role, string data, bool json)
    {
        // What stands in the way is told before the PIN is asked for; nobody who still thinks of one holds up a start.
        var looked = DataFolder.Open(data, TimeProvider.System);
        if (!looked.Succeeded && looked.Failure.Code != "data-in-use") return Output.Fail(looked.Failure);
        looked.Value?.Dispose();
        var pin = PinEntry.Ask(name);
        if (!pin.Succeeded) return Output.Fail(pin.Failure);
        var person = Person.Create(name, role, pin.Value);
        if (!person.Succeeded) return Output.Fail(person.Failure);
        var opened = DataFolder.Open(data, TimeProvider.System);
        using var held = opened.Value;
        // A person can be added beside a running station, which reads the file when it starts.
        var running = opened.Failure?.Code == "data-in-use";
        if (!opened.Succeeded && !running) return Output.Fail(opened.Failure);
        var added = new PeopleFile(Path.Combine(data, "people.json")).Add(person.Value);
        if (!added.Succeeded) return Output.Fail(added.Failure);
        Output.Say($"{name} may sign in as {Codes.Of(role)}{(running ? " once the station is started anew" : "")}.");
        if (json) Output.Print(new { name, role });
        return ExitCodes.Done;
    }
}
