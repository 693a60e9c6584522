namespace Inspection.Vision.Tests.Models;

public sealed class ExactInt8Tests
{
    private const int Avx512Vnni = 1 << 11, AvxVnni = 1 << 4;

    [Theory]
    [InlineData("Ice Lake", true, true, 0, Avx512Vnni, 0, false)]
    [InlineData("Alder Lake", true, false, 1, 0, AvxVnni, false)]
    [InlineData("Haswell", true, false, 0, 0, 0, true)]
    [InlineData("Skylake server", true, true, 0, 0, 0, true)]
    [InlineData("VNNI whose registers the system does not keep", true, false, 0, Avx512Vnni, 0, true)]
    [InlineData("no AVX2", false, false, 1, 0, AvxVnni, true)]
    [InlineData("no such sub-leaf, whatever it answers", true, false, 0, 0, AvxVnni, true)]
    public void The_slower_exact_way_is_taken_only_where_a_processor_has_no_VNNI(string processor, bool avx2, bool avx512, int lastLeaf, int ecx, int eax, bool needed)
        => ExactInt8.IsNeeded(avx2, avx512, leaf => leaf == 0 ? (lastLeaf, 0, ecx, 0) : (eax, 0, 0, 0)).ShouldBe(needed, processor);
}
