using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// The label of AI-generated content of GB 45438-2025: visible text of at least 5 % of the picture's shortest side, and
/// a metadata field <c>AIGC</c> (in JPEG as XMP, in PNG as an <c>iTXt</c> chunk).
/// </summary>
/// <param name="frame">The frame's identifier, which serves as the content's own.</param>
internal sealed class AiLabel(Guid frame)
{
    // Height of a capital letter of OpenCV's Hershey Simplex at scale 1, in pixels.
    private const double CapHeight = 21;
    private const double MinShare = 0.05;
    private const string English = " AI-generated";
    private const int LongestHead = 4096;
    private const HersheyFonts Font = HersheyFonts.HersheySimplex;

    private static ReadOnlySpan<byte> Mark => "\"ContentProducer\":\"Inspection\""u8;

    // OpenCV's fonts have no Chinese; these are the strokes of U+751F and U+6210 in a box of 100 × 100.
    private static readonly int[][] Sheng = [[30, 4, 22, 28, 8, 46], [20, 26, 88, 26], [18, 58, 84, 58], [50, 2, 50, 94], [4, 94, 96, 94]];

    private static readonly int[][] Cheng =
    [
        [16, 24, 94, 24], [16, 24, 16, 62, 3, 97], [16, 50, 46, 50, 45, 78, 33, 78],
        [56, 3, 60, 42, 74, 80, 88, 95, 95, 80], [88, 42, 74, 68, 48, 95], [70, 5, 82, 15],
    ];

    /// <summary>Draws the visible label into the lower left corner.</summary>
    public static void Draw(Mat picture)
    {
        var side = Math.Min(picture.Width, picture.Height);
        // A tenth more than asked, so that rounding never falls below the limit.
        var height = Math.Max(4, (int)Math.Ceiling(side * MinShare * 1.1));
        var scale = height / CapHeight;
        var thickness = Math.Max(1, height / 12);
        var latin = Cv2.GetTextSize("AI", Font, scale, thickness, out _).Width;
        var gap = height / 4;
        var chinese = 2 * (height + gap);
        var english = Cv2.GetTextSize(English, Font, scale, thickness, out _).Width;
        var margin = height / 2;
        var withEnglish = 3 * margin + latin + chinese + english <= picture.Width;
        var width = 2 * margin + latin + chinese + (withEnglish ? english : 0);
        var box = new Rect(0, Math.Max(0, picture.Height - 2 * height), Math.Min(width, picture.Width), Math.Min(2 * height, picture.Height));
        using (var corner = picture.SubMat(box)) corner.ConvertTo(corner, -1, 0.3);

        var baseline = picture.Height - height / 2;
        Cv2.PutText(picture, "AI", new Point(margin, baseline), Font, scale, Scalar.White, thickness, LineTypes.AntiAlias);
        var x = margin + latin + gap / 2;
        Strokes(picture, Sheng, x, baseline - height, height, thickness);
        Strokes(picture, Cheng, x + height + gap, baseline - height, height, thickness);
        if (withEnglish)
            Cv2.PutText(picture, English, new Point(x + chinese - gap, baseline), Font, scale, Scalar.White, thickness, LineTypes.AntiAlias);
    }

    /// <summary>Whether a picture carries the label of this program.</summary>
    /// <param name="file">A JPEG or PNG file; its metadata stands at its head.</param>
    public static bool IsOn(ReadOnlySpan<byte> file) => file[..Math.Min(file.Length, LongestHead)].IndexOf(Mark) >= 0;

    /// <summary>The file with the metadata put in.</summary>
    /// <param name="jpeg">A JPEG file as OpenCV writes it.</param>
    public byte[] MarkJpeg(ReadOnlySpan<byte> jpeg)
    {
        var xmp = "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
            + "<rdf:Description rdf:about=\"\" xmlns:TC260=\"http://www.tc260.org.cn/ns/AIGC/1.0/\"><TC260:AIGC>" + Json()
            + "</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>";
        var body = Encoding.UTF8.GetBytes(xmp);
        var head = AfterJfif(jpeg);
        var marked = new byte[jpeg.Length + 4 + body.Length];
        var rest = marked.AsSpan();
        jpeg[..head].CopyTo(rest);
        rest = rest[head..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, 0xFFE1);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)(body.Length + 2));
        body.CopyTo(rest[4..]);
        jpeg[head..].CopyTo(rest[(4 + body.Length)..]);
        return marked;
    }

    /// <summary>The file with the metadata put in.</summary>
    /// <param name="png">A PNG file.</param>
    public byte[] MarkPng(ReadOnlySpan<byte> png)
    {
        // Signature 8, IHDR chunk 25 (PNG 5.2, 11.2.2). iTXt: keyword, 0, not compressed 0 0, no language 0, no translation 0, text.
        const int head = 33;
        var body = Encoding.UTF8.GetBytes("iTXtAIGC\0\0\0\0\0" + Json());
        var marked = new byte[png.Length + 8 + body.Length];
        var rest = marked.AsSpan();
        png[..head].CopyTo(rest);
        rest = rest[head..];
        BinaryPrimitives.WriteInt32BigEndian(rest, body.Length - 4);
        body.CopyTo(rest[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(rest[(4 + body.Length)..], Crc(body));
        png[head..].CopyTo(rest[(8 + body.Length)..]);
        return marked;
    }

    private string Json() => JsonSerializer.Serialize(new
    {
        // Label 1: the content is generated (GB 45438-2025, annex E).
        Label = "1",
        ContentProducer = "Inspection",
        ProduceID = frame.ToString(),
        ReservedCode1 = "",
        ContentPropagator = "Inspection",
        PropagateID = frame.ToString(),
        ReservedCode2 = "",
    });

    private static void Strokes(Mat picture, int[][] strokes, int x, int y, int size, int thickness)
    {
        foreach (var stroke in strokes)
        {
            var points = new Point[stroke.Length / 2];
            for (var i = 0; i < points.Length; i++) points[i] = new Point(x + stroke[2 * i] * size / 100, y + stroke[2 * i + 1] * size / 100);
            Cv2.Polylines(picture, [points], false, Scalar.White, thickness, LineTypes.AntiAlias);
        }
    }

    private static int AfterJfif(ReadOnlySpan<byte> jpeg)
        => jpeg[2] == 0xFF && jpeg[3] == 0xE0 ? 4 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[4..]) : 2;

    /// <summary>CRC-32 as PNG's annex D gives it.</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
