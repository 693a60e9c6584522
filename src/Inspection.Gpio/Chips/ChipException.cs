namespace Inspection.Gpio;

/// <summary>A chip that cannot be opened, with the stable code of why.</summary>
public sealed class ChipException : IOException
{
    internal ChipException(string code, string message) : base(message) => Code = code;

    /// <summary>Kebab-case code, such as <c>gpio-chip-missing</c>.</summary>
    public string Code { get; }
}
