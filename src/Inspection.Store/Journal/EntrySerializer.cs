using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Inspection.Core;

namespace Inspection.Store;

/// <summary>Makes records of drafts. The writer thread's own.</summary>
internal sealed class EntrySerializer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly string _bootId;
    private readonly ArrayBufferWriter<byte> _body = new(4096);
    private readonly ArrayBufferWriter<byte> _entry = new(8192);
    private readonly Utf8JsonWriter _bodyJson;
    private readonly Utf8JsonWriter _entryJson;

    public EntrySerializer(TimeProvider time)
    {
        _time = time;
        _bootId = BootId(time);
        _bodyJson = new(_body);
        // The envelope is left open before its hash, which the validating writer would refuse.
        _entryJson = new(_entry, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Appends a record to the output.</summary>
    /// <param name="draft">The draft; its body is taken as it writes it.</param>
    /// <param name="numbers">Its numbers.</param>
    /// <param name="hash">The hash of the entry before; becomes this one's.</param>
    /// <param name="output">Takes the record; untouched when the draft throws.</param>
    public void Append(EntryDraft draft, in EntryNumbers numbers, Span<byte> hash, ArrayBufferWriter<byte> output)
    {
        _body.ResetWrittenCount();
        _bodyJson.Reset();
        draft.WriteBody(_bodyJson, numbers);
        _bodyJson.Flush();

        _entry.ResetWrittenCount();
        var json = _entryJson;
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber("entry", numbers.Entry);
        json.WriteNumber("position", numbers.Position);
        json.WriteString("kind", Codes.Of(draft.Kind));
        json.WriteNumber("schema", MessageSchema.Current);
        json.WriteString("at", MessageSchema.Time(draft.At));
        json.WriteNumber("monotonic", (long)((Int128)draft.Timestamp * 1_000_000_000 / _time.TimestampFrequency));
        json.WriteString("bootId", _bootId);
        json.WriteBoolean("clockTrusted", numbers.ClockTrusted);
        MessageSchema.WriteWho(json, "who", draft.Who);
        json.WritePropertyName("body");
        json.WriteRawValue(_body.WrittenSpan, skipInputValidation: true);
        json.WriteString("previousHash", hash);
        json.Flush();

        var hashed = _entry.WrittenSpan;
        var length = hashed.Length + 9 + RecordFormat.HashDigits + 2;
        if (length > RecordFormat.MaxEntryBytes) throw new InvalidDataException($"An entry of {length} bytes is longer than {RecordFormat.MaxEntryBytes}.");
        var record = output.GetSpan(RecordFormat.HeaderBytes + length);
        var entry = record.Slice(RecordFormat.HeaderBytes, length);
        hashed.CopyTo(entry);
        RecordFormat.Hash(hashed, hash);
        RecordFormat.WriteTail(entry[hashed.Length..], hash);
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], RecordFormat.Checksum(entry));
        output.Advance(RecordFormat.HeaderBytes + length);
    }

    public void Dispose()
    {
        _bodyJson.Dispose();
        _entryJson.Dispose();
    }

    // Tells entries of one boot from those of another, since monotonic time begins anew with each.
    private static string BootId(TimeProvider time)
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : Identifiers.New(time).ToString();
    }
}
