using System.Diagnostics.CodeAnalysis;

namespace Inspection.Core;

/// <summary>A failure that was expected to be possible, with what to do next.</summary>
/// <param name="Code">A stable code in kebab-case that programs can rely on.</param>
/// <param name="Message">One or two sentences for a person: what was found and what to do next.</param>
public sealed record Failure(string Code, string Message);

/// <summary>A value, or the failure that stood in its way.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct Outcome<T>
{
    private Outcome(T? value, Failure? failure) => (Value, Failure) = (value, failure);

    /// <summary>The value; only where <see cref="Succeeded"/>.</summary>
    public T? Value { get; }

    /// <summary>What went wrong; null where <see cref="Succeeded"/>.</summary>
    public Failure? Failure { get; }

    /// <summary>True where there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value)), MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    /// <summary>Wraps a value.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Wraps a failure.</summary>
    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}
