using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Panel.Tests;

public sealed partial class WordsTests
{
    [Theory, InlineData("es"), InlineData("pt"), InlineData("zh")]
    public void Every_text_is_there_in_every_language_with_the_same_blanks(string language)
    {
        var english = Texts(CultureInfo.InvariantCulture);
        var other = Texts(CultureInfo.GetCultureInfo(language));
        english.Count.ShouldBeGreaterThan(150);
        other.Keys.Order().ShouldBe(english.Keys.Order());
        foreach (var (key, text) in english)
        {
            other[key].ShouldNotBeNullOrWhiteSpace(key);
            Blanks().Matches(other[key]).Select(m => m.Value).Order().ShouldBe(Blanks().Matches(text).Select(m => m.Value).Order(), key);
        }
        english.Count(t => other[t.Key] == t.Value).ShouldBeLessThan(12, "the rest is really translated");
    }

    [Fact]
    public void Every_code_has_its_words()
    {
        var english = Texts(CultureInfo.InvariantCulture);
        string[] wanted =
        [
            .. Codes<VerdictKind>("verdict."), .. Codes<VerdictReason>("reason."), .. Codes<InterlockState>("state."),
            .. Codes<InterlockState>("state.", ".what"), .. Codes<InterlockState>("state.", ".next"), .. Codes<TripCause>("cause."),
            .. Codes<TripCause>("remedy."), .. Codes<AlarmPriority>("priority."),
            .. Codes<ResetAnswer>("answer.").Except(["answer.none"]), .. Codes<BrokerState>("broker."),
        ];
        wanted.Except(english.Keys).ShouldBeEmpty();
    }

    [Fact]
    public void Every_alarm_that_is_raised_anywhere_has_its_words_and_no_words_are_left_of_one_that_is_not()
    {
        var raised = RaisedAlarms.Codes();
        raised.Count.ShouldBeGreaterThan(15);
        raised.ShouldContain("cursors-failed");
        raised.SelectMany(code => (string[])["alarm." + code, $"alarm.{code}.remedy"])
            .ShouldBe(Texts(CultureInfo.InvariantCulture).Keys.Where(k => k.StartsWith("alarm.", StringComparison.Ordinal)), ignoreOrder: true);
    }

    [Fact]
    public void An_operator_who_reads_no_English_needs_none_of_it()
    {
        var words = new Words();
        words.Use("zh");
        foreach (var refusal in (Failure[])[new("not-ready", "The model is slow."), new("brand-new", "Do this next."), new("gpio-lost", "EIO")])
        {
            words.Tell(refusal).ShouldNotContain(refusal.Message);
            Words.Technical(refusal).ShouldBe(refusal.Message);
        }
        Words.Technical(new("wrong-pin", "Name and PIN do not belong together.")).ShouldBeNull();
        Words.Technical(new("e-stop", "e-stop is still present.")).ShouldBeNull();
    }

    [Fact]
    public void Every_key_that_the_page_uses_exists()
    {
        var english = Texts(CultureInfo.InvariantCulture);
        var used = Sources().SelectMany(s => Keys().Matches(s.Text)).Select(m => m.Groups[1].Value).Distinct().ToList();
        used.Count.ShouldBeGreaterThan(60);
        used.Where(k => !english.ContainsKey(k) && !english.Keys.Any(e => k.EndsWith('.') && e.StartsWith(k, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void No_component_holds_visible_text_of_its_own()
    {
        VisibleText("<p class=\"a\">Hello @W[\"x\"]</p>@if (a > b)\n{\n<b>@c</b> there\n}<i title=\"Hover\"></i>").ShouldBe(["title=\"Hover\"", "Hello", "there"], ignoreOrder: true);
        var found = Sources().SelectMany(s => VisibleText(s.Text).Select(t => $"{s.File}: {t}"));
        found.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "pt-BR,pt;q=0.9,en;q=0.8", "pt")]
    [InlineData(null, "fr,de;q=0.9", "en")]
    [InlineData(null, "en;q=0.2, es;q=0.7, zh;q=0", "es")]
    [InlineData(null, "zh;q=abc,,;;;=,es", "es")]
    [InlineData("zh", "en", "zh")]
    [InlineData("../../x", "es", "es")]
    [InlineData(null, null, "en")]
    public void The_language_is_the_persons_choice_then_the_browsers(string? chosen, string? accepted, string expected)
        => Words.Best(chosen, accepted).ShouldBe(expected);

    [Fact]
    public void A_refusal_is_told_in_the_persons_language()
    {
        var words = new Words();
        words.Use("es");
        words.Tell(new Failure("camera-lost", "camera-lost is still present.")).ShouldStartWith("Cámara perdida");
        words.Tell(new Failure("not-ready", "p99 too high")).ShouldStartWith("Aún no se puede arrancar");
        words.Tell(new Failure("brand-new", "Do this next.")).ShouldBe("Se ha rechazado.");
    }

    private static Dictionary<string, string> Texts(CultureInfo culture)
        => Words.Texts.GetResourceSet(culture, true, false).ShouldNotBeNull().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    private static IEnumerable<string> Codes<T>(string before, string after = "") where T : struct, Enum
        => Enum.GetValues<T>().Select(v => before + Core.Codes.Of(v) + after);

    private static List<(string File, string Text)> Sources()
        => [.. Directory.GetFiles(Path.Combine(Repository.PanelFolder, "Components"), "*.razor").Select(f => (Path.GetFileName(f), File.ReadAllText(f)))];

    /// <summary>What is left between tags, and in attributes that are read out, once all that is code is taken away.</summary>
    private static IEnumerable<string> VisibleText(string component)
    {
        var markup = Comment().Replace(CodeBlock().Replace(component, ""), "");
        for (var before = ""; before != markup;) (before, markup) = (markup, Bracketed().Replace(markup, ""));
        return SpokenAttributes().Matches(markup).Select(m => m.Value)
            .Concat(BetweenTags().Matches(markup).Select(m => Code().Replace(m.Groups[1].Value, "").Trim(' ', '\n', '{', '}')).Where(t => Letters().IsMatch(t)));
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Blanks();

    [GeneratedRegex("""W(?:\.Of\(|\.Find\(|\[)"([a-z.-]+)""")]
    private static partial Regex Keys();

    [GeneratedRegex(@"^@code \{.*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"@\*.*?\*@|^@(?:page|using|inject)[^\n]*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\([^()\[\]]*\)|\[[^()\[\]]*\]")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"@[\w.!?]*|\belse( if)?\b|\bcase [^:]+:|\bbreak;")]
    private static partial Regex Code();

    [GeneratedRegex(">([^<>]*)<")]
    private static partial Regex BetweenTags();

    [GeneratedRegex("(?:alt|title|aria-label|placeholder)=\"[^@\"]+\"")]
    private static partial Regex SpokenAttributes();

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Letters();
}
