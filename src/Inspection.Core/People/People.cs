using System.Security.Cryptography;

namespace Inspection.Core;

/// <summary>A person who may sign in.</summary>
/// <param name="Name">Unique, 1–64 characters.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="PinHash">PBKDF2-HMAC-SHA-256 of the PIN, 32 bytes (NIST SP 800-132).</param>
/// <param name="Iterations">PBKDF2 iterations.</param>
public sealed record Person(string Name, Role Role, byte[] Salt, byte[] PinHash, int Iterations)
{
    /// <summary>A person with a new PIN.</summary>
    /// <param name="name">1–64 characters, no control characters.</param>
    /// <param name="role">The role.</param>
    /// <param name="pin">4–12 digits.</param>
    public static Outcome<Person> Create(string name, Role role, string pin)
    {
        if (!IsName(name))
            return new Failure("bad-name", "A name has 1–64 characters, no control characters and no blanks at its ends.");
        if (pin.Length is < 4 or > 12 || !pin.All(char.IsAsciiDigit))
            return new Failure("bad-pin", "A PIN has 4–12 digits.");
        var salt = RandomNumberGenerator.GetBytes(16);
        return new Person(name, role, salt, Hash(pin, salt, DefaultIterations), DefaultIterations);
    }

    /// <summary>Whether people can read it and tell it from others: 1–64 characters, no control characters, no blanks at its ends.</summary>
    public static bool IsName(string name) => name.Length is >= 1 and <= 64 && !name.Any(char.IsControl) && name.Trim() == name;

    /// <summary>True when the PIN is this person's; takes the same time either way.</summary>
    public bool HasPin(string pin) => CryptographicOperations.FixedTimeEquals(Hash(pin, Salt, Iterations), PinHash);

    private const int DefaultIterations = 100_000;

    private static byte[] Hash(string pin, byte[] salt, int iterations)
        => Rfc2898DeriveBytes.Pbkdf2(pin, salt, iterations, HashAlgorithmName.SHA256, 32);
}

/// <summary>Who may sign in. After 5 wrong PINs in a row a name waits 30 s. Thread-safe.</summary>
/// <param name="people">All people.</param>
/// <param name="time">The clock of the wait.</param>
public sealed class People(IReadOnlyList<Person> people, TimeProvider time)
{
    private const int MaxTries = 5;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Tries, long Last)> _wrong = [];

    /// <summary>Names to choose from on the screen.</summary>
    public IReadOnlyList<string> Names { get; } = [.. people.Select(p => p.Name)];

    /// <summary>Signs a person in.</summary>
    public Outcome<Who> SignIn(string name, string pin)
    {
        lock (_gate)
        {
            var (tries, last) = _wrong.GetValueOrDefault(name);
            if (tries >= MaxTries && time.GetElapsedTime(last) < Wait)
                return new Failure("too-many-tries", "Too many wrong PINs. Wait 30 seconds, then try again.");
            var person = people.FirstOrDefault(p => p.Name == name);
            if (person is not null && person.HasPin(pin))
            {
                _wrong.Remove(name);
                return Who.Person(person.Name, person.Role);
            }
            if (_wrong.Count > 1000) _wrong.Clear();
            _wrong[name] = (tries + 1, time.GetTimestamp());
            return new Failure("wrong-pin", "Name and PIN do not belong together.");
        }
    }
}
