using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store;

/// <summary><c>relay.json</c>: how often the relay in use has pulled in.</summary>
/// <param name="path">The file; need not exist.</param>
public sealed class RelayFile(string path)
{
    private const int CurrentSchema = 1;

    /// <summary>What is known; a new relay where there is no file.</summary>
    /// <returns>A failure with code <c>relay-newer</c>, or one that names the file and the place when it cannot be read.</returns>
    public Outcome<RelayLife> Load()
    {
        if (!File.Exists(path)) return new RelayLife(0, null, null);
        var bytes = CoreJson.ReadBytes(path);
        if (!bytes.Succeeded) return bytes.Failure;
        if (StoredSchema.Newer(path, bytes.Value, CurrentSchema, Path.GetDirectoryName(Path.GetFullPath(path))!, "relay-newer") is { } newer) return newer;
        var read = CoreJson.Parse<Content>(bytes.Value, path);
        if (!read.Succeeded) return read.Failure;
        return read.Value is { Schema: CurrentSchema, Cycles: >= 0 }
            ? new RelayLife(read.Value.Cycles, read.Value.ExchangedAt, read.Value.ExchangedBy) { BeforeUnknown = read.Value.BeforeUnknown }
            : new Failure("file-malformed", $"'{path}' holds no count of cycles.");
    }

    /// <summary>Keeps a file that cannot be read for a person; the next save would overwrite it. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public void KeepUnreadable(TimeProvider time) => File.Move(path, SetAside.NameOf(path, time), overwrite: true);

    /// <summary>Writes it; survives a power cut. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public void Save(RelayLife life)
        => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new Content(CurrentSchema, life.Cycles, life.ExchangedAt, life.ExchangedBy, life.BeforeUnknown), CoreJson.Options));

    private sealed record Content(int Schema, long Cycles, DateTimeOffset? ExchangedAt = null, string? ExchangedBy = null, bool BeforeUnknown = false);
}

/// <summary>The life of the relay in use.</summary>
/// <param name="Cycles">How often it has pulled in.</param>
/// <param name="ExchangedAt">When it was put in, UTC; null where nobody has told.</param>
/// <param name="ExchangedBy">Who put it in.</param>
public sealed record RelayLife(long Cycles, DateTimeOffset? ExchangedAt, string? ExchangedBy)
{
    /// <summary>Whether an earlier count of this relay could not be read, so that it has pulled in oftener than <see cref="Cycles"/> says.</summary>
    public bool BeforeUnknown { get; init; }
}
