using System.Text;
using Inspection.Core;

namespace Inspection.Station.CommandLine;

/// <summary>Asks for a PIN: never an argument, never on the screen.</summary>
internal static class PinEntry
{
    /// <summary>Without echo at a terminal, a new one twice; one line of stdin from a pipe.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="isNew">False for one that the person has already.</param>
    public static Outcome<string> Ask(string name, bool isNew = true)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() is { } line ? line.Trim() : new Failure("no-pin", "A PIN was expected as one line on stdin.");
        }
        var first = ReadHidden($"PIN for {name} (4–12 digits): ");
        if (!isNew) return first;
        var again = ReadHidden("The same again: ");
        return first == again ? first : new Failure("pins-differ", "The two PINs differ. Nothing was changed; try again.");
    }

    private static string ReadHidden(string prompt)
    {
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
