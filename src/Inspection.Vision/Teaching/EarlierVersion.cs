using Inspection.Core;

namespace Inspection.Vision;

/// <summary>A taught version that is to be extended: what it remembers, where from, and what was promised of it.</summary>
/// <param name="Folder">The version's folder.</param>
/// <param name="Card">Its card, checked.</param>
/// <param name="Template">By what it finds its parts, which every later version keeps; null: it takes them as they lie.</param>
/// <param name="Record">How it was taught.</param>
/// <param name="Memory">What it remembers.</param>
internal sealed record EarlierVersion(string Folder, ModelCard Card, PartTemplate? Template, TeachRecord Record, TaughtMemory Memory)
{
    /// <summary>The input, which every later version keeps.</summary>
    public InputSize Size => new(Record.Settings.Width, Record.Settings.Height);

    /// <summary>Where it looks, which every later version keeps; null: everywhere.</summary>
    public RegionOfInterest? Region => Memory.Factors.Contains(0)
        ? new([.. Memory.Factors.Select(f => f > 0)], Size.Width / TaughtGraph.Stride, Size.Height / TaughtGraph.Stride)
        : null;

    /// <summary>Parts that it was taught from.</summary>
    public int Parts => Card.Taught?.Photos ?? 0;

    /// <summary>The lots that it was taught from, the oldest first.</summary>
    public IReadOnlyList<TaughtLot> Lots => Record.Lots.Count > 0
        ? Record.Lots
        : [new(Card.Version, Record.TaughtAt, Record.Settings.Good, Parts, Record.Photos.Count(p => p.Use == PhotoUse.KeptOut), Card.Bound?.MaxFalseRejectRate ?? 1)];

    /// <summary>Reads the version that a request extends; it must be one that may judge, taught by the method of this program.</summary>
    /// <param name="request">A request with <see cref="TeachRequest.Extend"/>.</param>
    /// <param name="backbone">The net of the new version.</param>
    public static Outcome<EarlierVersion> Read(TeachRequest request, Backbone backbone)
    {
        var folder = request.Extend!;
        var loaded = ModelFolder.Load(folder);
        if (!loaded.Succeeded) return loaded.Failure;
        ModelCard card;
        PartTemplate? template;
        using (loaded.Value) (card, template) = (loaded.Value.Card, loaded.Value.Template);
        if (card.Kind != ModelKind.Taught)
            return new Failure("extend-foreign", $"{folder} was not taught by this program; only a taught model can be extended. Train that one where it was made.");
        if (card.Name != request.ModelName || card.Version >= request.ModelVersion)
            return new Failure("extend-not-next", $"{request.ModelName}@{request.ModelVersion} is no later version of {card.Name}@{card.Version}. Name a folder such as {Path.Combine(card.Name, (card.Version + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))}.");
        var record = TeachRecord.Read(Path.Combine(folder, TeachRecord.FileName));
        if (!record.Succeeded) return record.Failure;
        var memory = TaughtMemory.Read(Path.Combine(folder, card.File!));
        if (!memory.Succeeded) return memory.Failure;
        // A record is not hashed; one that somebody edited must not lead astray.
        if (record.Value.Settings.Levels is null || record.Value.Photos.Any(p => p?.Name is null || p.Sha256 is null) || record.Value.Memory.Patches.Any(p => p.Photo < 0 || p.Photo >= record.Value.Photos.Count))
            return new Failure("teach-record-unreadable", $"{Path.Combine(folder, TeachRecord.FileName)} is damaged. Copy the version folder again, complete.");
        var (settings, places) = (record.Value.Settings, record.Value.Settings.Width / TaughtGraph.Stride * (record.Value.Settings.Height / TaughtGraph.Stride));
        if (settings.BackboneSha256 != backbone.Sha256 || settings.CommonShare != TaughtGraph.CommonShare || settings.Stride != TaughtGraph.Stride
            || !settings.Levels.SequenceEqual(Backbone.Levels.Select(l => l.Name))
            || (settings.Width, settings.Height) != (card.Input?.Width, card.Input?.Height)
            || memory.Value.Factors.Length != places || record.Value.Memory.Patches.Count != memory.Value.Count)
            return new Failure("extend-other-method", $"{folder} was taught in another way than this version of the program teaches, or {TeachRecord.FileName} is not its own. Teach it anew from photos.");
        return new EarlierVersion(folder, card, template, record.Value, memory.Value);
    }

    /// <summary>Copies the small pictures of the old photos, so that a patch that judged can still be shown.</summary>
    /// <param name="folder">The new version's folder.</param>
    /// <returns>The old photos; without their small copies where these are gone.</returns>
    public IEnumerable<TeachRecord.Photo> Photos(NewFolder folder)
    {
        foreach (var photo in Record.Photos)
        {
            var name = photo.Thumbnail is null ? null : Thumbnails.FolderName + "/" + Path.GetFileName(photo.Thumbnail);
            var kept = name is not null && File.Exists(Path.Combine(Folder, name));
            if (kept) folder.Write(name!, File.ReadAllBytes(Path.Combine(Folder, name!)));
            yield return photo with { Thumbnail = kept ? name : null };
        }
    }
}
