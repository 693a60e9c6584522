namespace Inspection.Core;

/// <summary>What a person's role permits.</summary>
public enum Role
{
    /// <summary>Runs the line.</summary>
    Operator,

    /// <summary>Sets up products and models.</summary>
    Setter,

    /// <summary>Answers for quality.</summary>
    Quality,

    /// <summary>Keeps the hardware; resets faults.</summary>
    Maintenance,

    /// <summary>Administers people and configuration.</summary>
    Administrator,
}

/// <summary>One thing that somebody may do.</summary>
public enum Permission
{
    /// <summary>Start and Reset of the interlock.</summary>
    StartAndReset,

    /// <summary>Reset of a hardware fault.</summary>
    ResetFault,

    /// <summary>Ending the alarm that one cause trips again and again.</summary>
    AnswerRepeatedTrips,

    /// <summary>Saying that the wall clock is right.</summary>
    ConfirmClock,

    /// <summary>Suspending one vision cause for a time.</summary>
    Bypass,

    /// <summary>Overruling a verdict to Pass, saying that a delivered part which was rejected later is dealt with, drawing and labelling samples.</summary>
    AnswerForParts,
}

/// <summary>Who or what did something; stands in every entry.</summary>
/// <param name="Kind"><c>person</c>, <c>model</c>, <c>rule</c>, <c>station</c>, <c>plant</c>, <c>button</c> or <c>anybody</c>.</param>
/// <param name="Name">The person's name, the model's <c>name@version</c>, the rule's code.</param>
/// <param name="Role">The person's role; null for anything else.</param>
public sealed record Who(string Kind, string Name, Role? Role = null)
{
    /// <summary>The program itself.</summary>
    public static Who Station { get; } = new("station", "station");

    /// <summary>Somebody at the machine who did not sign in; may stop, nothing else.</summary>
    public static Who Anybody { get; } = new("anybody", "anybody");

    /// <summary>A person at a wired button of the station, whose name nobody knows.</summary>
    /// <param name="name">The button's line, such as <c>start-button</c>.</param>
    public static Who AtButton(string name) => new("button", name);

    /// <summary>A plant system over MQTT.</summary>
    public static Who Plant(string name) => new("plant", name);

    /// <summary>A person who signed in.</summary>
    public static Who Person(string name, Role role) => new("person", name, role);

    /// <summary>A model that judged.</summary>
    public static Who Model(ModelIdentity model) => new("model", $"{model.Name}@{model.Version}");

    /// <summary>A rule of the program that judged, such as the frame limits.</summary>
    public static Who Rule(string code) => new("rule", code);

    /// <summary>True for a person who signed in.</summary>
    public bool IsPerson => Kind == "person" && Role is not null;

    /// <summary>True for somebody at a wired button.</summary>
    public bool IsAtButton => Kind == "button";

    /// <summary>True when this person's role includes the permission.</summary>
    public bool May(Permission permission) => IsPerson && permission switch
    {
        Permission.StartAndReset => true,
        Permission.ResetFault => Role is Core.Role.Maintenance or Core.Role.Administrator,
        Permission.AnswerRepeatedTrips or Permission.ConfirmClock or Permission.Bypass =>
            Role is Core.Role.Setter or Core.Role.Quality or Core.Role.Maintenance or Core.Role.Administrator,
        Permission.AnswerForParts => Role is Core.Role.Setter or Core.Role.Quality or Core.Role.Administrator,
        _ => false,
    };
}
