using System.Net.Sockets;
using System.Text;

namespace Inspection.Faults;

/// <summary>Clients that ask for the page as fast as they are answered.</summary>
internal static class Flood
{
    private const int Clients = 16;

    private static readonly byte[] Request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    private static volatile bool _flooding;
    private static long _answers;

    private static long Answers => Interlocked.Read(ref _answers);

    /// <summary>Begins.</summary>
    public static long Begin(Bench bench)
    {
        (_flooding, _answers) = (true, 0);
        for (var i = 0; i < Clients; i++) new Thread(() => Ask(bench.Page)) { IsBackground = true }.Start();
        return Nanoseconds.Now;
    }

    /// <summary>Ends.</summary>
    public static void End(Bench bench)
    {
        _flooding = false;
        if (Answers < Clients) throw new InvalidOperationException($"That was no flood: {Answers} answers.");
    }

    private static void Ask(int port)
    {
        var answer = new byte[16 * 1024];
        while (_flooding)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                var stream = client.GetStream();
                stream.Write(Request);
                if (stream.Read(answer) > 0) Interlocked.Increment(ref _answers);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // A page that refuses the flood may do so.
                Wait.Past(TimeSpan.FromMilliseconds(1));
            }
        }
    }
}
