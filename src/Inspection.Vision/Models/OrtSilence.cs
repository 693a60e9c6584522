using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Inspection.Vision;

/// <summary>
/// ONNX Runtime 1.31 would report to its maker over HTTPS; a station connects to nowhere. Its native code reads this
/// variable when it is loaded, and .NET's own SetEnvironmentVariable does not reach native code.
/// </summary>
internal static partial class OrtSilence
{
    /// <summary>Before anything of this assembly loads the runtime.</summary>
#pragma warning disable CA2255 // the runtime may be loaded by the first type that is touched, so nothing later is early enough
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Apply()
    {
        if (OperatingSystem.IsLinux()) _ = SetVariable("ORT_DISABLE_TELEMETRY", "1", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
