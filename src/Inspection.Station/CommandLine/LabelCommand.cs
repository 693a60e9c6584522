using System.CommandLine;
using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Store;
using Inspection.Vision;

namespace Inspection.Station.CommandLine;

/// <summary><c>label-sample</c> tells what labelled parts say of a model, beside a running station too; with <c>--by</c> it draws a sample that the page then shows.</summary>
internal static class LabelCommand
{
    private static readonly Option<string?> By = new("--by") { Description = "Draws a sample for this person (setter, quality or administrator), whose PIN is asked for. The station must not be running: its page draws, too.", HelpName = "NAME" };

    private static readonly Option<int> Count = new("--count") { Description = $"Parts to draw, {LabelSample.Fewest}–{LabelSample.Most}.", HelpName = "N", DefaultValueFactory = _ => LabelSample.Usual };

    private static readonly Option<string?> Model = new("--model") { Description = "Whose verdicts. Default: the model that judged last.", HelpName = "NAME@VERSION" };

    private static readonly Option<string?> Data = CommonOptions.Data();

    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("label-sample", "Tells what people's labels of randomly drawn parts say of the good parts that are rejected, and draws such parts.") { By, Count, Model, Data, Json };
        command.SetAction(parsed => RunAsync(parsed.GetValue(By), parsed.GetValue(Count), parsed.Has(Count), parsed.GetValue(Model), Home.Data(parsed.GetValue(Data)), parsed.GetValue(Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? by, int count, bool counted, string? model, string data, bool json)
    {
        if (LabelSample.SizeRefusal(count) is { } wrong) return Output.Fail(wrong);
        if (counted && by is null) return Output.Fail(new Failure("by-missing", "A sample is drawn for a person: name who will label it with --by NAME, or leave --count out to read only."));
        if (!Directory.Exists(DataFolder.LedgerOf(data))) return LedgerCommands.NoLedger(data);
        if (by is null) return LedgerCommands.Reading(() => Read(model, data, json));
        var who = SignIn(by, data);
        if (!who.Succeeded) return Output.Fail(who.Failure);
        return await ConsumerCommands.WithLedgerAsync(
            data, write: true, (ledger, simulated) => DrawAsync(ledger, simulated, who.Value, count, model, data, json), "While it runs, its page draws; without --by this command only reads.");
    }

    private static Outcome<Who> SignIn(string name, string data)
    {
        var people = new PeopleFile(Path.Combine(data, "people.json")).Load();
        if (!people.Succeeded) return people.Failure;
        if (people.Value.All(person => person.Name != name)) return new Failure("unknown-person", $"There is no person '{name}'. Add one with 'people add NAME --role quality'.");
        var pin = PinEntry.Ask(name, isNew: false);
        return pin.Succeeded ? new People(people.Value, TimeProvider.System).SignIn(name, pin.Value) : pin.Failure;
    }

    private static int Read(string? model, string data, bool json)
    {
        var book = new LabelBook();
        if (new LabelsInLedger(new LedgerArchive(DataFolder.LedgerOf(data)).Walk, null, DataFolder.PicturesOf(data)).Follow(book) is { } failure) return Output.Fail(failure);
        var judge = Choose(book, model);
        if (!judge.Succeeded) return Output.Fail(judge.Failure);
        return Tell(book, judge.Value, data, json);
    }

    private static async Task<int> DrawAsync(JournalLedger ledger, bool simulated, Who who, int count, string? model, string data, bool json)
    {
        var (book, reading) = (new LabelBook(), LabelsInLedger.Of(ledger, DataFolder.PicturesOf(data)));
        var read = LedgerCommands.Reading(() => reading.Follow(book) is { } failure ? Output.Fail(failure) : ExitCodes.Done);
        if (read != ExitCodes.Done) return read;
        var judge = Choose(book, model);
        if (!judge.Succeeded) return Output.Fail(judge.Failure);
        using var sample = new LabelSample(judge.Value, book, reading, draft => _ = ledger.TryAppend(draft), TimeProvider.System, simulated);
        var drawn = await sample.DrawAsync(who, count);
        if (!drawn.Succeeded) return Output.Fail(drawn.Failure);
        if (drawn.Value.Open is { Done: 0 } open && open.Size < count)
            Output.Say($"Drawn were {open.Size} parts, not {count}: no others have a kept picture. Of passing parts only one in pictures.passEvery (recipe) is kept; where that is fewer, samples are larger and better mixed.");
        return Tell(book, judge.Value, data, json);
    }

    private static Outcome<JudgingModel> Choose(LabelBook book, string? model)
    {
        if (book.Newest is not { } newest) return new Failure("no-verdicts", "The ledger holds no production part that a model passed or rejected. Let the line run first.");
        if (model is null || newest.Name == model) return newest;
        return book.Judges.LastOrDefault(judge => judge.Name == model) is { } judge ? judge
            : new Failure("unknown-model", $"The ledger holds no verdict of '{model}'; it has those of {string.Join(", ", book.Judges.Select(j => j.Name).Distinct())}.");
    }

    private static int Tell(LabelBook book, JudgingModel judge, string data, bool json)
    {
        var (statement, given) = (new LabelStatement(judge, book.Counts(judge)), book.Given(judge));
        foreach (var sentence in statement.Sentences()) Output.Say(sentence);
        var promise = Promise(judge, data);
        if (promise is not null) Output.Say($"Stated at teaching: {promise}");
        var leftOut = given.Where(g => g.Label == PartLabel.LeftOut).Select(g => g.Part.Number.Sequence).ToList();
        if (leftOut.Count > 0)
            Output.Say($"Left out of the last sample, because their pictures are gone or damaged: parts {string.Join(", ", leftOut)}.");
        var missed = book.Missed(judge).Select(part => part.Sequence).ToList();
        if (missed.Count > 0) Output.Say($"Passed, labelled bad and not overruled yet: parts {string.Join(", ", missed)}. Overrule them at the page.");
        var open = book.Open(judge) is var (draw, done) ? new { Size = draw.Parts.Count, Done = done } : null;
        Output.Say(open is null ? "No sample is open." : $"A sample of {open.Size} parts is open, {open.Done} of them are done: label them at the page of a station that runs this model at this threshold.");
        if (json)
        {
            Output.Print(new
            {
                model = judge.Model,
                judge.Threshold,
                statement.Counts,
                statement.FalseRejectLimit,
                statement.EscapeLimit,
                confidence = LabelStatement.Confidence,
                sentences = statement.Sentences(),
                taught = promise,
                open,
                leftOut,
                missed,
            });
        }
        return ExitCodes.Done;
    }

    /// <summary>What the model's card promises of this threshold; null where it promises nothing, or is not there.</summary>
    private static string? Promise(JudgingModel judge, string data)
    {
        var version = judge.Model.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ModelCard.Read(Path.Combine(DataFolder.ModelsOf(data), judge.Model.Name, version, ModelCard.FileName)).Value?.PromiseOf(judge);
    }
}
