using Inspection.Core;

namespace Inspection.Vision;

/// <summary>
/// One version of a model on disk: <c>model.json</c> beside the ONNX file. Before it may judge, the file's hash, its inputs
/// and outputs and its parity vectors are checked; what does not hold refuses it, and nothing falls back.
/// </summary>
public static class ModelFolder
{
    /// <summary>
    /// Where the rest of a foreign model's card is kept from its first acceptance on, so that later checks hold although
    /// its maker gave nothing to check against. Delete it to accept a changed file anew.
    /// </summary>
    public const string PinnedFileName = "pinned.json";

    private const string DefaultFile = "model.onnx";

    // Three textures that are unlike each other are kept; more would only lengthen the start.
    private const int ParityVectors = 3;
    private static readonly int[] ParitySeeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    /// <summary>Loads a version after checking it.</summary>
    /// <param name="folder">The version's folder.</param>
    /// <param name="threads">Threads inside an operator, 1 or more.</param>
    /// <returns>The model, owned by the caller, or why it may not judge and what to do.</returns>
    public static Outcome<LoadedModel> Load(string folder, int threads = 1)
    {
        if (!Directory.Exists(folder))
            return new Failure("model-folder-missing", $"There is no folder {folder}; give the folder that holds {ModelCard.FileName} and the ONNX file.");
        var written = ReadCard(Path.Combine(folder, ModelCard.FileName));
        if (!written.Succeeded) return written.Failure;
        var pinPath = Path.Combine(folder, PinnedFileName);
        var card = written.Value;
        var pinned = card.Kind == ModelKind.Anomalib && File.Exists(pinPath);
        if (pinned)
        {
            var pin = ReadCard(pinPath);
            if (!pin.Succeeded) return pin.Failure;
            if (pin.Value.Name != card.Name || pin.Value.Version != card.Version)
                return new Failure("model-card-invalid", $"{pinPath} was made for {pin.Value.Name}@{pin.Value.Version}, {ModelCard.FileName} says {card.Name}@{card.Version}; delete {PinnedFileName} to accept the model anew.");
            card = Fill(card, pin.Value);
        }
        if (card.Kind == ModelKind.Taught && Missing(card) is { Count: > 0 } missing)
            return new Failure("model-card-incomplete", $"{Path.Combine(folder, ModelCard.FileName)} lacks {string.Join(", ", missing)}; copy the version folder again, complete, or teach it again.");

        var checkedModel = Check(folder, card, threads);
        if (checkedModel.Failure is { } failure && pinned)
            return failure with { Message = $"{failure.Message} If the change is meant, delete {pinPath}, and the model is accepted anew." };
        if (!checkedModel.Succeeded || !checkedModel.Value.AcceptedNow) return checkedModel;
        if (WriteAside(pinPath, checkedModel.Value.Card) is { } unwritten)
        {
            checkedModel.Value.Dispose();
            return unwritten;
        }
        return checkedModel;
    }

    /// <summary>Fills in what a card lacks (file, hash, precision, input, outputs, parity vectors) from the ONNX file beside it.</summary>
    /// <param name="folder">The version's folder.</param>
    /// <param name="card">The card so far; what it already says is checked.</param>
    /// <returns>The complete card, to be written as <c>model.json</c>.</returns>
    public static Outcome<ModelCard> Complete(string folder, ModelCard card)
    {
        var model = Check(folder, card, threads: 1);
        if (!model.Succeeded) return model.Failure;
        using (model.Value) return model.Value.Card;
    }

    private static Outcome<LoadedModel> Check(string folder, ModelCard card, int threads)
    {
        var path = FindFile(folder, card);
        if (!path.Succeeded) return path.Failure;
        var file = OnnxFile.Read(path.Value);
        if (!file.Succeeded) return file.Failure;
        var sha256 = file.Value.Sha256;
        if (card.Sha256 is not null && card.Sha256 != sha256)
            return new Failure("model-hash", $"{path.Value} has the SHA-256 {sha256}, the card says {card.Sha256}: it is not the file that was checked. Copy the version folder again, unchanged.");
        PartTemplate? template = null;
        if (card.Align is { } align)
        {
            var read = PartTemplate.Read(folder, align);
            if (!read.Succeeded) return read.Failure;
            template = read.Value;
        }
        var session = ModelSession.Open(path.Value, card, threads);
        if (!session.Succeeded) return session.Failure;

        var scoreLimit = file.Value.UpperLimit(session.Value.Sockets.Score) ?? float.PositiveInfinity;
        var refusal = card.Threshold < scoreLimit
            ? null
            : new Failure("model-threshold", $"{path.Value} clips its score at {scoreLimit}, so a threshold of {card.Threshold} would let every part pass; write a lower one into {ModelCard.FileName}, 0.5 for an anomalib export with normalised scores.");
        refusal ??= WrongMap(path.Value, card, session.Value);
        var complete = Missing(card).Count == 0;
        if (refusal is null && complete) refusal = ParityCheck.Verify(session.Value, card);
        if (refusal is null && !complete)
        {
            var found = Found(path.Value, sha256, card, session.Value, scoreLimit);
            if (found.Succeeded) card = found.Value;
            refusal = found.Failure;
        }
        if (refusal is not null)
        {
            session.Value.Dispose();
            return refusal;
        }
        return new LoadedModel(folder, card, template, session.Value, scoreLimit, acceptedNow: !complete);
    }

    /// <summary>The map's shape, which many exports leave open and which only a run shows.</summary>
    private static Failure? WrongMap(string path, ModelCard card, ModelSession session)
        => card.Outputs is not { MapWidth: { } width, MapHeight: { } height } || (width == session.MapWidth && height == session.MapHeight)
            ? null
            : new Failure("model-shape", $"{path}'s map came out {session.MapWidth} × {session.MapHeight}, the card says {width} × {height}: it is not the model that was checked. Copy the version folder again, unchanged.");

    private static Outcome<ModelCard> Found(string path, string sha256, ModelCard card, ModelSession session, float scoreLimit)
    {
        var precision = card.Precision ?? ModelPrecision.Full;
        var parity = ParityCheck.Measure(session, precision, ParitySeeds);
        if (!parity.Succeeded) return parity.Failure;
        var sockets = session.Sockets;
        return card with
        {
            File = Path.GetFileName(path),
            Sha256 = sha256,
            Precision = precision,
            Input = new ModelInput { Name = sockets.Input, Width = sockets.Width, Height = sockets.Height, Resize = card.Input?.Resize ?? ModelResize.Area },
            Outputs = new ModelOutputs
            {
                Score = sockets.Score,
                Map = sockets.Map,
                MapWidth = sockets.Map is null ? null : session.MapWidth,
                MapHeight = sockets.Map is null ? null : session.MapHeight,
                Nearest = card.Outputs?.Nearest,
            },
            Parity = Telling(parity.Value, scoreLimit),
        };
    }

    /// <summary>Keeps the vectors that a change would move: a score at the end of a clipped range stays there whatever the model does.</summary>
    private static ModelParity Telling(ModelParity parity, float scoreLimit)
    {
        var free = parity.Vectors.Where(v => float.IsInfinity(scoreLimit) || (v.Score > 0 && v.Score < scoreLimit)).Take(ParityVectors).ToList();
        return parity with { Vectors = free.Count > 0 ? free : [.. parity.Vectors.Take(ParityVectors)] };
    }

    private static List<string> Missing(ModelCard card)
    {
        var missing = new List<string>();
        if (card.File is null) missing.Add("file");
        if (card.Sha256 is null) missing.Add("sha256");
        if (card.Precision is null) missing.Add("precision");
        if (card.Input is not { Name: not null, Width: not null, Height: not null }) missing.Add("input");
        if (card.Outputs is not { Score: not null }) missing.Add("outputs");
        if (card.Parity is null) missing.Add("parity");
        return missing;
    }

    private static ModelCard Fill(ModelCard card, ModelCard pin) => card with
    {
        File = card.File ?? pin.File,
        Sha256 = card.Sha256 ?? pin.Sha256,
        Precision = card.Precision ?? pin.Precision,
        Input = card.Input is null
            ? pin.Input
            : card.Input with { Name = card.Input.Name ?? pin.Input?.Name, Width = card.Input.Width ?? pin.Input?.Width, Height = card.Input.Height ?? pin.Input?.Height },
        Outputs = card.Outputs is null
            ? pin.Outputs
            : card.Outputs with
            {
                Score = card.Outputs.Score ?? pin.Outputs?.Score,
                Map = card.Outputs.Map ?? pin.Outputs?.Map,
                MapWidth = card.Outputs.MapWidth ?? pin.Outputs?.MapWidth,
                MapHeight = card.Outputs.MapHeight ?? pin.Outputs?.MapHeight,
            },
        Parity = card.Parity ?? pin.Parity,
    };

    private static Outcome<ModelCard> ReadCard(string path)
    {
        var card = ModelCard.Read(path);
        if (!card.Succeeded) return card;
        var errors = card.Value.Errors();
        return errors.Count == 0 ? card : new Failure("model-card-invalid", $"{path}: {string.Join("; ", errors)}. Correct these in the file.");
    }

    private static Outcome<string> FindFile(string folder, ModelCard card)
    {
        var named = Path.Combine(folder, card.File ?? DefaultFile);
        if (card.File is not null || File.Exists(named)) return named;
        var all = Directory.GetFiles(folder, "*.onnx");
        if (all.Length == 1) return all[0];
        return new Failure("model-file-missing", all.Length == 0
            ? $"There is no ONNX file in {folder}; copy it there as {DefaultFile}."
            : $"{folder} holds {all.Length} ONNX files; name the one that judges in \"file\" of {ModelCard.FileName}.");
    }

    private static Failure? WriteAside(string path, ModelCard card)
    {
        try
        {
            DurableFile.Write(path, System.Text.Encoding.UTF8.GetBytes(card.ToJson()));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("model-not-pinned", $"{path} cannot be written: {e.Message} It keeps what was found of a foreign model so that later checks hold; make the folder writable, or copy it to where it is.");
        }
    }
}
