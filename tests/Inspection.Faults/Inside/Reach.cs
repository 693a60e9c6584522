using System.Reflection;

namespace Inspection.Faults;

/// <summary>
/// Reaches into the running station, which has no hooks for tests: a fault is put where a defect would be. A member that
/// is not there any more ends the program with its name, so no fault is ever left out unnoticed.
/// </summary>
internal static class Reach
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    /// <summary>A field's value; a primary constructor's parameter by its own name.</summary>
    public static T Get<T>(object of, string name) => (T)Field(of, name).GetValue(of)!;

    /// <summary>Sets a field, a read-only one too.</summary>
    public static void Set(object of, string name, object? value) => Field(of, name).SetValue(of, value);

    private static FieldInfo Field(object of, string name)
        => of.GetType().GetField(name, Own) ?? of.GetType().GetField($"<{name}>P", Own)
            ?? throw new InvalidOperationException($"{of.GetType().Name} has no field {name} any more; correct the fault that reaches for it.");
}
