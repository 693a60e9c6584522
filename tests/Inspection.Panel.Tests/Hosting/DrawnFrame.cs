using System.Buffers.Binary;
using Inspection.Core;

namespace Inspection.Panel.Tests.Hosting;

/// <summary>A frame that draws a plate with holes, and a stain where it is bad; browsers take a bitmap whatever its name says.</summary>
internal sealed class DrawnFrame : Frame
{
    private const int HeaderLength = 54;

    private readonly ManualResetEventSlim? _hold;

    /// <param name="description">All that is known of it.</param>
    /// <param name="hold">Encoding hangs until this is set.</param>
    public DrawnFrame(in FrameDescription description, ManualResetEventSlim? hold = null)
    {
        _hold = hold;
        Begin(description);
    }

    public override int Width => Unreadable is null ? 400 : 0;

    public override int Height => Unreadable is null ? 300 : 0;

    public override byte[] Encode(PictureFormat format, int maxBytes, Overlay? overlay = null)
    {
        _hold?.Wait(TimeSpan.FromSeconds(120));
        return Draw(TrueLabel is not (null or "good"), overlay is not null, Id.GetHashCode() % 12);
    }

    protected override void Recycle()
    {
    }

    /// <summary>A Windows bitmap of 400 × 300, 24 bits.</summary>
    public static byte[] Draw(bool bad, bool heat, int shift)
    {
        const int width = 400, height = 300;
        var file = new byte[HeaderLength + width * height * 3];
        var header = file.AsSpan();
        header[0] = (byte)'B';
        header[1] = (byte)'M';
        BinaryPrimitives.WriteInt32LittleEndian(header[2..], file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[10..], HeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[14..], 40);
        BinaryPrimitives.WriteInt32LittleEndian(header[18..], width);
        BinaryPrimitives.WriteInt32LittleEndian(header[22..], -height);
        BinaryPrimitives.WriteInt16LittleEndian(header[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[28..], 24);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                Paint(file.AsSpan(HeaderLength + (y * width + x) * 3, 3), x + shift, y, bad, heat);
        return file;
    }

    private static void Paint(Span<byte> pixel, int x, int y, bool bad, bool heat)
    {
        var plate = x is > 70 and < 330 && y is > 50 and < 250;
        var hole = Distance(x, y, 110, 90) < 18 || Distance(x, y, 290, 90) < 18 || Distance(x, y, 110, 210) < 18 || Distance(x, y, 290, 210) < 18;
        var grey = plate && !hole ? 150 + (x * 7 + y * 3) % 17 : 62 + (x + y) % 5;
        var stain = Distance(x, y, 215, 150);
        if (bad && stain < 30) grey -= 40;
        pixel.Fill((byte)grey);
        if (!heat) return;
        var warmth = bad ? Math.Exp(-stain * stain / 1800) : 0;
        pixel[0] = (byte)Math.Clamp(grey * .7 + 60 * (1 - warmth), 0, 255);
        pixel[1] = (byte)Math.Clamp(grey * .7 + 40 * (1 - Math.Abs(warmth - .5) * 2), 0, 255);
        pixel[2] = (byte)Math.Clamp(grey * .7 + 150 * warmth, 0, 255);
    }

    private static double Distance(int x, int y, int toX, int toY) => Math.Sqrt((x - toX) * (x - toX) + (y - toY) * (y - toY));
}
