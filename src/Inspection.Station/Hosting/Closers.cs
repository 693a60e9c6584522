namespace Inspection.Station.Hosting;

/// <summary>What was opened, to be closed in reverse order, also when opening stops half-way.</summary>
internal sealed class Closers : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _open = new();

    /// <summary>Closes it later.</summary>
    /// <returns>The same.</returns>
    public T Add<T>(T opened) where T : notnull
    {
        _open.Push(opened as IAsyncDisposable ?? new Later((IDisposable)opened));
        return opened;
    }

    /// <summary>Closes everything, the last opened first.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out var opened)) await opened.DisposeAsync();
    }

    private sealed class Later(IDisposable opened) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            opened.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
