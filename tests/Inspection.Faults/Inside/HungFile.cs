namespace Inspection.Faults;

/// <summary>The journal on a disk that hangs: fsync returns only when the disk is well again.</summary>
internal sealed class HungFile(string path, ManualResetEventSlim well) : FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0)
{
    /// <inheritdoc />
    public override void Flush(bool flushToDisk)
    {
        well.Wait();
        base.Flush(flushToDisk);
    }
}
