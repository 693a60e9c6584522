using System.Text.Json;

namespace Inspection.Station.Tests.Commands;

public sealed class LedgerTests
{
    [Fact]
    public async Task A_ledger_that_is_marked_as_restored_goes_on_under_a_new_ledgerId_and_a_query_tells_which_pictures_are_gone()
    {
        using var box = new StationBox(threshold: 0.01f);
        box.WritePhotos(2);
        (await StationProcess.RunAsync("ledger", "restored", "--data", box.Data)).Exit.ShouldBe(2, "there is nothing to mark yet");
        await box.PlayOnceAsync(box.Run());
        (await StationProcess.RunAsync("ledger", "restored", "--data", box.Data)).Exit.ShouldBe(0);
        await box.PlayOnceAsync(box.Run());
        box.Verdicts().Select(v => StationBox.Member(v, "ledgerId").GetString()).Distinct().Count().ShouldBe(2);
        box.Verdicts().Select(StationBox.Sequence).ShouldBe([1, 2, 1, 2]);
        box.Verify().FirstBad.ShouldBeNull();

        var gone = Directory.GetFiles(Path.Combine(box.Data, "pictures"), "*.*", SearchOption.AllDirectories)[0];
        File.Delete(gone);
        var (exit, _, output) = await StationProcess.RunAsync("ledger", "query", "--kind", "inspection", "--json", "--data", box.Data);
        exit.ShouldBe(0);
        var rows = JsonElement.Parse(output).EnumerateArray().ToList();
        rows.Count.ShouldBe(4);
        foreach (var row in rows)
        {
            var picture = row.GetProperty("body").GetProperty("views")[0].GetProperty("image").GetProperty("path").GetString()!;
            row.GetProperty("picturesKept").GetBoolean().ShouldBe(Path.GetFileName(picture) != Path.GetFileName(gone));
        }
    }

    [Fact]
    public async Task A_ledger_of_a_newer_program_is_refused_by_every_command_in_the_same_way()
    {
        using var box = new StationBox(threshold: 0.01f);
        box.WritePhotos(1);
        await box.PlayOnceAsync(box.Run());
        NewerTail(Directory.GetFiles(Path.Combine(box.Data, "ledger"), "*.journal")[0]);
        File.WriteAllText(Path.Combine(box.Data, "schema.json"), """{ "schema": 1, "writtenBy": "7.0.0", "createdAt": "2030-01-01T00:00:00Z" }""");
        string[][] commands =
        [
            box.Run(), ["ledger", "query", "--data", box.Data], ["ledger", "verify", "--data", box.Data],
            ["consumers", "list", "--data", box.Data], ["consumers", "remove", "mes", "--data", box.Data],
        ];
        foreach (var command in commands)
        {
            var (exit, said, _) = await StationProcess.RunAsync(command);
            exit.ShouldBe(1, $"{command[0]}: {said}");
            said.ShouldContain("(ledger-newer)", customMessage: command[0]);
            said.ShouldContain("Install Inspection 7.0.0", customMessage: command[0]);
        }
    }

    /// <summary>Changes the last entry's schema; what else of it no longer fits is not looked at before.</summary>
    private static void NewerTail(string journal)
    {
        var bytes = File.ReadAllBytes(journal);
        var (last, next) = (0, 0);
        while (next < bytes.Length) (last, next) = (next, next + 8 + BitConverter.ToInt32(bytes, next));
        var schema = bytes.AsSpan(last).IndexOf("\"schema\":1"u8);
        bytes[last + schema + 9] = (byte)'2';
        BitConverter.TryWriteBytes(bytes.AsSpan(last + 4), Checksum(bytes.AsSpan(last + 8)));
        File.WriteAllBytes(journal, bytes);
    }

    /// <summary>CRC-32C of the length and the entry.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = System.Numerics.BitOperations.Crc32C(uint.MaxValue, (uint)bytes.Length);
        foreach (var b in bytes) crc = System.Numerics.BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
