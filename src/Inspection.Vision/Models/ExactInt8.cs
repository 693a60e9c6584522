using System.Runtime.Intrinsics.X86;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision;

/// <summary>
/// Keeps INT8 right on x64 processors without VNNI: there the runtime adds products of unsigned and signed bytes in 16 bits,
/// which overflow (the features of the frozen net were off by 22 %). Its switch against that is slower, and takes its toll on
/// processors with VNNI, too, which need none; so it is set only where it is needed.
/// </summary>
internal static class ExactInt8
{
    /// <summary>The runtime's session entry.</summary>
    public const string Entry = "session.x64quantprecision";

    // Where in doubt it is needed: slower, and right.
    private static readonly bool Needed = X86Base.IsSupported && IsNeeded(Avx2.IsSupported, Avx512BW.IsSupported, leaf => X86Base.CpuId(7, leaf));

    /// <summary>Sets the switch where this processor needs it.</summary>
    public static void Set(SessionOptions options)
    {
        if (Needed) options.AddSessionConfigEntry(Entry, "1");
    }

    /// <summary>True where an x64 processor has no VNNI, neither of AVX nor of AVX-512.</summary>
    /// <param name="avx2">Processor and system know AVX2.</param>
    /// <param name="avx512">Processor and system know AVX-512 with bytes and words.</param>
    /// <param name="features">The processor's answer to CPUID 7 with a sub-leaf.</param>
    internal static bool IsNeeded(bool avx2, bool avx512, Func<int, (int Eax, int Ebx, int Ecx, int Edx)> features)
    {
        var (lastLeaf, _, ecx, _) = features(0);
        var hasAvx512Vnni = avx512 && (ecx & (1 << 11)) != 0;
        var hasAvxVnni = avx2 && lastLeaf >= 1 && (features(1).Eax & (1 << 4)) != 0;
        return !hasAvx512Vnni && !hasAvxVnni;
    }
}
