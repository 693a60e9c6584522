using System.Globalization;
using Inspection.Core;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// Teaches a model from photos of good parts alone: patches of some parts are remembered, the parts kept out say where the
/// limit lies. The same parts, settings and seed give the same model on the same machine.
/// </summary>
/// <param name="time">Clock of the card's date and of the timings.</param>
public sealed class Teacher(TimeProvider time)
{
    /// <summary>
    /// About how many patches the memory is chosen from: of each part a seeded sample, so that they are shared out evenly.
    /// Choosing the farthest among all patches would fill the memory with the oddest ones; the models' README has figures.
    /// </summary>
    public const int Candidates = 10_000;

    /// <summary>
    /// From so many parts in the memory on, the parts kept out do not join it once the threshold stands: they would hardly
    /// teach it anything, and lower scores under the same threshold let more defects pass.
    /// </summary>
    public const int Enough = 200;

    /// <summary>Teaches, and writes the version's folder, whole or not at all.</summary>
    /// <param name="request">What to teach from and where to write.</param>
    /// <param name="progress">Told of each step; may be null.</param>
    /// <param name="cancel">Cancels: an <see cref="OperationCanceledException"/>, and nothing is left on the disk.</param>
    /// <returns>The model; or what stood in its way and what to do about it.</returns>
    public Outcome<TaughtModel> Teach(TeachRequest request, IProgress<TeachProgress>? progress = null, CancellationToken cancel = default)
    {
        var errors = request.Errors().ToArray();
        if (errors.Length > 0) return new Failure("teach-settings", string.Join("\n", errors.Select(e => e.ToString())));
        if (NewFolder.Refuse(request.FullOut) is { } refused) return refused;
        var backbone = Backbone.Read(request.Backbone, PrecisionOf(request));
        if (!backbone.Succeeded) return backbone.Failure;
        var quantised = request.Precision == TeachPrecision.Auto ? Backbone.Read(request.Backbone, ModelPrecision.Quantised) : backbone;
        if (!quantised.Succeeded) return quantised.Failure;
        var opened = GoodParts.Open(request.Good);
        if (!opened.Succeeded) return opened.Failure;
        using var parts = opened.Value;
        try
        {
            EarlierVersion? earlier = null;
            if (request.Extend is not null)
            {
                var read = EarlierVersion.Read(request, backbone.Value);
                if (!read.Succeeded) return read.Failure;
                earlier = read.Value;
            }
            var began = time.GetTimestamp();
            var lesson = new Lesson(time, began, request, backbone.Value, earlier, parts, progress, cancel);
            var learnt = lesson.Learn();
            if (!learnt.Succeeded) return learnt.Failure;
            if (request.Precision != TeachPrecision.Auto) return lesson.Write(learnt.Value);

            var other = new Lesson(time, began, request, quantised.Value, earlier, parts, progress, cancel);
            var otherLearnt = other.Learn();
            if (!otherLearnt.Succeeded) return lesson.Write(learnt.Value, PrecisionChoice.Refused(otherLearnt.Failure));
            var caught = lesson.Estimate(TeachStep.Precision, learnt.Value, otherLearnt.Value);
            var choice = PrecisionTrial.Of(new(learnt.Value.Scores, caught[0]), new(otherLearnt.Value.Scores, caught[1]));
            return choice.Chosen == ModelPrecision.Quantised ? other.Write(otherLearnt.Value, choice, caught[1]) : lesson.Write(learnt.Value, choice, caught[0]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NewFolder.Unwritten(request.FullOut, e);
        }
        catch (Exception e) when (e is OnnxRuntimeException or OpenCVException)
        {
            return new Failure("teach-failed", $"Teaching failed in a library: {e.Message} Check that memory is free and that the backbone's folder is complete.");
        }
    }

    /// <summary>The precision to begin with; an extended version keeps its own, and a card that cannot be read is refused later.</summary>
    private static ModelPrecision PrecisionOf(TeachRequest request) => request.Extend is { } version
        ? ModelCard.Read(Path.Combine(version, ModelCard.FileName)).Value?.Precision ?? ModelPrecision.Full
        : request.Precision == TeachPrecision.Quantised ? ModelPrecision.Quantised : ModelPrecision.Full;

    /// <summary>What a lesson gave, before anything is written.</summary>
    private sealed record Learnt(
        byte[] Model, TaughtGraph Graph, RegionOfInterest? Region, PartTemplate? Template, InputSize Size, PartSplit Split, float[] Scores, ChosenThreshold Threshold, PatchOrigin[] Origins, bool Joins,
        IReadOnlyList<(int Part, float Score, float Usual)> Odd, Func<int, byte[]> Without, int KnownDefects);

    /// <summary>One run of <see cref="Teach"/> with a net of one precision, step by step.</summary>
    private sealed class Lesson(
        TimeProvider time, long began, TeachRequest request, Backbone backbone, EarlierVersion? earlier, GoodParts parts, IProgress<TeachProgress>? progress, CancellationToken cancel)
    {
        private readonly Dictionary<TeachStep, double> _seconds = [];
        private readonly List<string> _warnings = [];
        private readonly int _photosBefore = earlier?.Record.Photos.Count ?? 0;
        private readonly int _mostPatches = request.MostPatches(backbone.Precision);
        private long _stepBegan = time.GetTimestamp();

        public Outcome<Learnt> Learn()
        {
            var split = PartSplit.Of(parts, request, earlier?.Record.Photos ?? [], Tell, cancel);
            if (!split.Succeeded) return split.Failure;
            if (split.Value.LeftOutParts is > 0 and var without) _warnings.Add($"{without} photo{(without == 1 ? " was" : "s were")} left out by name. The bound speaks of parts like the others only.");
            if (split.Value.Duplicates is > 0 and var twice)
                _warnings.Add($"{twice} photo{(twice == 1 ? " is" : "s are")} equal to others, byte for byte, and not used twice.");
            if (earlier?.Record.Settings is { PhotoWidth: { } width, PhotoHeight: { } height } && PartPhotos.IsOtherShape(split.Value.Shape, new Size(width, height)))
                return new Failure("extend-other-shape", $"The photos have {split.Value.Shape.Width} × {split.Value.Shape.Height} pixels, those of version {earlier.Card.Version} had {width} × {height}: another shape. Take them as those were taken, or teach anew.");
            End(TeachStep.Read);

            var taken = split.Value.Shape;
            var size = earlier?.Size ?? request.Input ?? InputSize.For(taken.Width, taken.Height, request.SmallestDefect);
            if (request.SmallestDefect is { } smallest && size.Covered(smallest, taken.Width, taken.Height) is < InputSize.DefectPixels and var covered)
                _warnings.Add(string.Create(CultureInfo.InvariantCulture, $"A defect of {smallest:0.#} pixels is only {covered:0.#} pixels long on the input of {size}, and one of less than {InputSize.DefectPixels} is hardly seen. Take the photos from nearer, or with more views of the part."));
            var region = earlier?.Region;
            if (request.Regions.Count > 0)
            {
                var read = RegionOfInterest.Read(request.Regions, split.Value.Shape, size);
                if (!read.Succeeded) return read.Failure;
                region = read.Value;
            }
            var template = earlier?.Template;
            if (request.Align)
            {
                var made = Template(split.Value.First, region);
                if (!made.Succeeded) return made.Failure;
                template = made.Value;
            }
            var graph = new TaughtGraph(backbone, size, region);
            var photos = new PartPhotos(parts, split.Value.Shape, request.Limits, template);
            var places = graph.Rows * graph.Columns;
            int[] looked = [.. Enumerable.Range(0, places).Where(p => region?.Inside[p] != false)];
            var fromEach = Math.Clamp(Candidates / split.Value.Parts, 1, looked.Length);
            var memory = new PatchMemory((earlier?.Memory.Count ?? 0) + (fromEach * split.Value.Parts), request.Seed);
            if (earlier is not null) memory.Keep(earlier.Memory, earlier.Record.Memory.Patches);
            var leftOut = new LeftOut(TaughtGraph.Channels, places);
            void Choose(int most) => memory.Choose(most, n => Tell(TeachStep.Choose, n, _mostPatches));

            // All that are refused are told at once, wherever they fall.
            if (See(split.Value.Memory, memory, leftOut, graph, size, template, looked, fromEach, photos) is not null)
                return See(split.Value.KeptOut, memory, null, graph, size, template, looked, fromEach, photos)!;
            End(TeachStep.See);
            var joins = (earlier?.Parts ?? 0) + split.Value.Memory.Length < Enough;
            var remembered = earlier?.Memory.Count ?? 0;
            Choose(joins ? remembered + ((_mostPatches - remembered) * split.Value.Memory.Length / split.Value.Parts) : _mostPatches);
            End(TeachStep.Choose);
            // An extended version keeps the scale of places, because the old parts' scores must not rise.
            var factors = earlier?.Memory.Factors ?? Factors(leftOut, memory, graph, looked);
            End(TeachStep.Compare);
            var scored = Score(graph.WithMemory(memory.ToArray(), memory.Middle, factors, "threshold"), size, template, split.Value, photos);
            if (!scored.Succeeded) return scored.Failure;
            var (counted, scores) = WithoutTwins(split.Value, scored.Value, photos);
            if (scores.Length == 0) return Identical(photos.Pictures);
            // The limit is lower than any good part's likeness, so that all that was found so far is found with it.
            if (request.Align) template = template! with { Card = template.Card with { LeastLikeness = LikenessLimit.From(photos.LeastLikeness) } };
            var threshold = FalseRejectBound.Choose(scores, request.MaxFalseRejects, request.FoundWith);
            // Nor may the threshold fall: with both, the bound of the earlier version holds on.
            var stays = earlier?.Card.Threshold > threshold.Threshold;
            if (earlier is not null && stays)
            {
                _warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The threshold stays at {earlier.Card.Threshold:0.######}, that of version {earlier.Card.Version}; the new parts alone would have given {threshold.Threshold:0.######}."));
                threshold = threshold with { Threshold = earlier.Card.Threshold, Above = scores.Count(s => s > earlier.Card.Threshold) };
            }
            else if (earlier is not null && threshold.Threshold > earlier.Card.Threshold)
                _warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The threshold rises from {earlier.Card.Threshold:0.######} to {threshold.Threshold:0.######}, so a defect that version {earlier.Card.Version} rejects with a score between them may pass now. Compare both versions on defective parts before this one judges."));
            if (photos.Pictures < TeachRequest.MinPhotos || !(threshold.Threshold > 0))
                return Identical(photos.Pictures);
            if (!threshold.Reached) _warnings.Add(BoundWords.TooFew(threshold, counted.Parts, request.MaxFalseRejects, stays, earlier?.Lots.MaxBy(l => l.MaxFalseRejectRate)));
            _warnings.AddRange(photos.Warnings);
            if (earlier is not null)
            {
                var before = Score(File.ReadAllBytes(Path.Combine(earlier.Folder, earlier.Card.File!)), size, template, counted, photos);
                if (!before.Succeeded) return before.Failure;
                if (before.Value.Count(s => s > earlier.Card.Threshold) is > 0 and var rejected)
                    _warnings.Add($"Version {earlier.Card.Version} would have rejected {rejected} of the {counted.KeptOut.Length} new photos that were kept out. If they show another product, teach that one by itself.");
            }
            End(TeachStep.Score);

            if (joins && See(counted.KeptOut, memory, null, graph, size, template, looked, fromEach, photos) is { } vanished) return vanished;
            End(TeachStep.See);
            if (joins) Choose(_mostPatches);
            var origins = memory.Origins;
            if (earlier is not null && origins.Length >= _mostPatches)
                _warnings.Add($"The memory is full ({origins.Length} patches), so the new parts are remembered less closely than the old ones. The next time teach anew from photos of all of them.");
            var model = graph.WithMemory(memory.ToArray(), memory.Middle, factors, $"{request.ModelName}@{request.ModelVersion}");
            End(TeachStep.Choose);
            var repeats = photos.Twins([], counted.Memory).Select(part => _photosBefore + part).ToHashSet();
            var odd = OddParts.Among([.. memory.Oddest(_photosBefore, repeats, done => Tell(TeachStep.Compare, done, counted.Parts)).Select(o => (o.Photo - _photosBefore, o.Distance))]);
            if (!joins) odd = [.. odd, .. OddParts.Among([.. counted.KeptOut.Select((part, i) => (part, scores[i]))])];
            byte[] Without(int part)
                => graph.WithMemory(memory.ToArray(without: _photosBefore + part) is { Length: > 0 } others ? others : memory.ToArray(), memory.Middle, factors, "without");
            End(TeachStep.Compare);
            var proved = KnownDefects.Prove([request.FullOut, request.Extend, request.InUse], model, size, template, threshold.Threshold, earlier is not null, (done, total) => Tell(TeachStep.Prove, done, total));
            if (!proved.Succeeded) return proved.Failure;
            End(TeachStep.Prove);

            return new Learnt(model, graph, region, template, size, counted, scores, threshold, origins, joins, odd, Without, proved.Value);
        }

        /// <summary>The parts and the scores of those kept out, without parts kept out that are no parts of their own.</summary>
        private (PartSplit Split, float[] Scores) WithoutTwins(PartSplit split, float[] scores, PartPhotos photos)
        {
            var twins = photos.Twins(split.Memory, split.KeptOut);
            if (twins.Count == 0) return (split, scores);
            float[] others = [.. scores.Where((_, i) => !twins.Contains(split.KeptOut[i]))];
            _warnings.Add($"The {split.Parts} photos show only {photos.Pictures} different pictures. {twins.Count} kept out of the memory show{(twins.Count == 1 ? "s" : "")} the same as another one and do{(twins.Count == 1 ? "es" : "")} not count for the threshold, which follows from {others.Length}. Take photos of different parts.");
            return (split.Without(twins), others);
        }

        private static Failure Identical(int pictures)
            => new("photos-identical", $"The photos show only {pictures} different picture{(pictures == 1 ? "" : "s")}, so no limit can be found. Take photos of different parts, each with its own light and position.");

        private Outcome<PartTemplate> Template(int reference, RegionOfInterest? region)
        {
            var read = parts.Read(reference);
            if (!read.Succeeded) return read.Failure;
            using var photo = read.Value;
            var turn = request.AlignTurn ?? TeachRequest.UsualTurn;
            var mark = request.AlignMark is { } text ? TemplateMark.Parse(text) : TemplateMark.Choose(photo, turn);
            if (!mark.Succeeded) return mark.Failure;
            // Beyond the picture's edge there is only its repetition, which looks good on a plain part.
            if (region is null)
                _warnings.Add($"Only the mark, {mark.Value.Width} × {mark.Value.Height} pixels at {mark.Value.X},{mark.Value.Y}, must lie in the picture: a part whose rest is cut off may be judged good. Give --roi around the whole part.");
            var template = PartTemplate.Of(photo, mark.Value, region?.Box(photo.Size()), turn, Thumbnails.LabelOf(parts, reference));
            return template.Succeeded ? template : template.Failure with { Message = $"{template.Failure.Message} The reference photo is {parts.Names[reference]}." };
        }

        private float[] Factors(LeftOut leftOut, PatchMemory memory, TaughtGraph graph, int[] looked)
        {
            var distances = leftOut.Distances(memory.ToArray(), memory.Origins, memory.Middle, (done, total) => Tell(TeachStep.Compare, done, total));
            var factors = new float[graph.Columns * graph.Rows];
            // Places that are not looked at are unlike the memory; they say nothing of the others.
            foreach (var part in distances)
            {
                var usual = looked.Average(p => part[p]);
                foreach (var p in Enumerable.Range(0, part.Length).Except(looked)) part[p] = usual;
            }
            var scale = PlaceScale.Of(distances, graph.Columns, graph.Rows);
            foreach (var p in looked) factors[p] = 1 / scale[p];
            return factors;
        }

        private Failure? See(int[] shown, PatchMemory memory, LeftOut? leftOut, TaughtGraph graph, InputSize size, PartTemplate? template, int[] looked, int fromEach, PartPhotos photos)
        {
            var places = graph.Rows * graph.Columns;
            var random = new Random(request.Seed);
            int[] order = [.. looked];
            var done = 0;
            using var run = new GraphRun(graph.ToPatches(), size, TaughtGraph.Patches, template);
            foreach (var part in shown)
            {
                if (fromEach < order.Length) random.Shuffle(order);
                photos.Show(part, run, patches =>
                {
                    foreach (var place in order.AsSpan(0, fromEach))
                        memory.Offer(new PatchOrigin(_photosBefore + part, place % graph.Columns, place / graph.Columns), patches, place, places);
                    leftOut?.Add(_photosBefore + part, patches);
                });
                Tell(TeachStep.See, ++done, shown.Length);
            }
            return photos.Failure;
        }

        private Outcome<float[]> Score(byte[] model, InputSize size, PartTemplate? template, PartSplit split, PartPhotos photos)
        {
            var scores = new float[split.KeptOut.Length];
            using var run = new GraphRun(model, size, TaughtGraph.Score, template);
            for (var i = 0; i < scores.Length; i++)
            {
                photos.Show(split.KeptOut[i], run, score => scores[i] = score[0]);
                Tell(TeachStep.Score, i + 1, scores.Length);
            }
            return photos.Failure is { } failure ? failure : scores;
        }

        /// <summary>Estimates what each model catches of the same painted defects.</summary>
        /// <param name="step">The step that is told of.</param>
        /// <param name="learnt">The models, taught from the same parts.</param>
        public CatchEstimate[] Estimate(TeachStep step, params IReadOnlyList<Learnt> learnt) => CatchEstimate.Of(
            parts, learnt[0].Split, learnt[0].Region, learnt[0].Template, learnt[0].Size, request.Seed, time, (done, total) => Tell(step, done, total),
            [.. learnt.Select(l => (l.Model, l.Threshold.Threshold))]);

        /// <summary>Writes the version's folder, whole or not at all.</summary>
        /// <param name="learnt">What <see cref="Learn"/> gave.</param>
        /// <param name="choice">How the precision was chosen; null where it was given.</param>
        /// <param name="caught">What the model catches, where that was estimated for the choice.</param>
        public Outcome<TaughtModel> Write(Learnt learnt, PrecisionChoice? choice = null, CatchEstimate? caught = null)
        {
            var (model, graph, region, template, size, split, scores, threshold, origins, joins, odd, without, knownDefects) = learnt;
            if (choice is not null)
            {
                // The time of the lesson that was not chosen, and of the comparison.
                _stepBegan = time.GetTimestamp();
                _seconds[TeachStep.Precision] = Math.Round(Math.Max(0, time.GetElapsedTime(began).TotalSeconds - _seconds.Values.Sum()), 2);
            }
            Tell(TeachStep.Write, 0, 1);
            var remembered = joins ? split.Parts : split.Memory.Length;
            var taughtAt = time.GetUtcNow();
            TaughtLot[] lots = [.. earlier?.Lots ?? [], new(request.ModelVersion, taughtAt, LastName(request.Good), remembered, threshold.KeptOut, threshold.Bound, request.By)];
            var bound = TaughtBound.Of(lots, threshold);
            var begun = NewFolder.Begin(request.FullOut, time);
            if (!begun.Succeeded) return begun.Failure;
            using var folder = begun.Value;
            folder.Write("model.onnx", model);
            if (template is not null) folder.Write(template.Card.File, template.Png);
            var completed = ModelFolder.Complete(folder.Aside, new ModelCard
            {
                Schema = ModelCard.CurrentSchema,
                Name = request.ModelName,
                Version = request.ModelVersion,
                Kind = ModelKind.Taught,
                File = "model.onnx",
                Precision = backbone.Precision,
                Input = new ModelInput { Name = Backbone.Input, Width = size.Width, Height = size.Height, Resize = ModelResize.Area },
                Outputs = new ModelOutputs { Score = TaughtGraph.Score, Map = TaughtGraph.Map, Nearest = TaughtGraph.Nearest },
                Threshold = threshold.Threshold,
                Bound = bound,
                Align = template?.Card,
                Taught = new TaughtCard(backbone.Name, backbone.Sha256, lots.Sum(l => l.Photos), origins.Length, request.Seed),
            });
            if (!completed.Succeeded) return completed.Failure;
            var card = completed.Value;
            folder.Write(ModelCard.FileName, System.Text.Encoding.UTF8.GetBytes(card.ToJson()));
            var thumbnails = Thumbnails.Write(folder, parts, [.. origins.Select(o => o.Photo - _photosBefore).Where(p => p >= 0).Distinct().Order()], _photosBefore, cancel);
            End(TeachStep.Write);
            var estimate = (caught ?? Estimate(TeachStep.Estimate, learnt)[0]).Write(folder);
            var oddParts = OddParts.Write(folder, parts, odd, without, size, template, new Size(graph.Columns, graph.Rows), threshold.Threshold, cancel);
            if (oddParts.Count > 0) _warnings.Add(Odd(oddParts));
            End(TeachStep.Estimate);

            var record = new TeachRecord
            {
                Program = typeof(Teacher).Assembly.GetName().Version?.ToString(3) ?? "",
                TaughtAt = taughtAt,
                Seconds = _seconds,
                Settings = new(
                    LastName(request.Good), backbone.Name, backbone.Sha256, [.. Backbone.Levels.Select(l => l.Name)],
                    TaughtGraph.CommonShare, PlaceScale.Doubt, TaughtGraph.Stride, size.Width, size.Height, request.MaxFalseRejects, _mostPatches, request.Seed,
                    split.Shape.Width, split.Shape.Height, backbone.Precision, earlier?.Record.Settings.Regions ?? (region is null ? null : [.. request.Regions.Select(RegionOfInterest.Name)]),
                    template?.Card, request.Align ? parts.Names[split.First] : earlier?.Record.Settings.Reference),
                Photos = [.. earlier?.Photos(folder) ?? [], .. split.Record(parts, scores, thumbnails)],
                Lots = lots,
                Memory = new(origins),
                Estimate = estimate,
                PrecisionChoice = choice,
            };
            var taught = new TaughtModel
            {
                Folder = request.FullOut,
                Card = card,
                Photos = lots.Sum(l => l.Photos),
                Unsure = UnsureLimit.Of(scores, card.Threshold, request.FoundWith),
                KeptOut = threshold.KeptOut,
                KeptOutAbove = threshold.Above,
                KeptOutJoined = joins,
                Patches = origins.Length,
                KnownDefects = knownDefects,
                Estimate = estimate,
                PrecisionChoice = choice,
                MillimetresPerPixel = request.MillimetresPerPixel,
                Odd = oddParts,
                Warnings = _warnings,
                Took = time.GetElapsedTime(began),
            };
            if (region is not null && parts.Read(split.KeptOut[0]) is { Succeeded: true } seen)
                using (seen.Value)
                using (var finder = template is null ? null : new PoseFinder(template))
                    folder.Write(ModelPage.RegionPicture, Thumbnails.OfRegion(seen.Value, region, finder?.Find(seen.Value).ToPhoto ?? UprightMap.Unturned));
            folder.Write(TeachRecord.FileName, System.Text.Encoding.UTF8.GetBytes(record.ToJson()));
            folder.Write("README.md", System.Text.Encoding.UTF8.GetBytes(ModelPage.Of(taught, record, request.LeaveOut, parts.Generated)));
            cancel.ThrowIfCancellationRequested();
            if (folder.Finish() is { } taken) return taken;
            // It stands; a cancellation comes too late.
            progress?.Report(new TeachProgress(TeachStep.Write, 1, 1));
            return taught with { Took = time.GetElapsedTime(began) };
        }

        private static string Odd(IReadOnlyList<OddPart> odd) => string.Create(CultureInfo.InvariantCulture,
            $"{odd.Count} photo{(odd.Count == 1 ? " looks" : "s look")} unlike the others: {string.Join(", ", odd.Take(5).Select(o => $"{o.Name} (score {o.Score:0.#}, usual {o.Usual:0.#})"))}{(odd.Count > 5 ? $" and {odd.Count - 5} more" : "")}. Look at {(odd.Count == 1 ? "it" : "them")} in odd/. One that shows a bad part hides such defects, because it is remembered as good or raises the threshold: teach again with --leave-out NAME. Leave out no good part, or the stated bound is no longer true.");

        private static string LastName(string path)
            => path.StartsWith("simulated:", StringComparison.Ordinal) ? path : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

        private void Tell(TeachStep step, int done, int total)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Report(new TeachProgress(step, done, total));
        }

        private void End(TeachStep step)
        {
            _seconds[step] = Math.Round(_seconds.GetValueOrDefault(step) + time.GetElapsedTime(_stepBegan).TotalSeconds, 2);
            _stepBegan = time.GetTimestamp();
        }
    }
}
