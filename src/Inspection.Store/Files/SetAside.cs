using System.Globalization;

namespace Inspection.Store;

/// <summary>Files that cannot be read are kept for a person beside those that take their place.</summary>
internal static class SetAside
{
    /// <summary>The name under which a file is kept.</summary>
    public static string NameOf(string path, TimeProvider time)
        => $"{path}.unreadable-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}";
}
