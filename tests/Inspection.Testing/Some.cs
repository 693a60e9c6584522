using Inspection.Core;

namespace Inspection.Testing;

/// <summary>Builders of ordinary things, so that a test says only what is special.</summary>
public static class Some
{
    /// <summary>A person who may do everything.</summary>
    public static Who Person { get; } = Who.Person("Ada", Role.Administrator);

    /// <summary>An operator.</summary>
    public static Who Operator { get; } = Who.Person("Olga", Role.Operator);

    /// <summary>A model.</summary>
    public static ModelIdentity Model { get; } = new("demo-part", 1, new string('a', 64));

    /// <summary>A recipe with the defaults.</summary>
    public static Recipe Recipe { get; } = new()
    {
        Name = "demo-part",
        Revision = 1,
        CreatedBy = "test",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Model = new ModelReference { Name = "demo-part", Version = 1 },
    };

    /// <summary>A context with the defaults and a simulated chip.</summary>
    public static PipelineContext Context { get; } = new(Recipe, Model, null, true);

    /// <summary>A trigger of this moment.</summary>
    public static Trigger Trigger(TimeProvider time) => new(Identifiers.New(time), "frame", time.GetUtcNow(), time.GetTimestamp());

    /// <summary>A sound frame of this moment, with one holder.</summary>
    public static TestFrame Frame(TimeProvider? time = null, string? unreadable = null, string? trueLabel = null, string? origin = null)
    {
        time ??= TimeProvider.System;
        return new(new FrameDescription(
            Identifiers.New(time), Trigger(time), "camera1", time.GetUtcNow(), Simulated: true, Generated: true, origin, trueLabel, null, unreadable));
    }

    /// <summary>What a detector saw in a sound view.</summary>
    public static Detection Detection(float score = 0.1f, float threshold = 0.5f)
        => new() { Score = score, Threshold = threshold, Health = SoundHealth };

    /// <summary>Measures of a frame that is fit to be judged.</summary>
    public static FrameHealth SoundHealth { get; } = new(120, 0.1f, 0.01f, 100, 0);
}
