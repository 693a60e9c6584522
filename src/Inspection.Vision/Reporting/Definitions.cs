namespace Inspection.Vision;

/// <summary>What a report's figures mean, with their sources.</summary>
internal static class Definitions
{
    /// <summary>The figures of an evaluation.</summary>
    public const string Evaluation = """
        <h2>How the figures are defined</h2>
        <ul class="quiet">
        <li>Reject is score &gt; threshold. A part that could not be scored is Indeterminate and in no rate. An unsure part, whose score is above the recipe's lower limit and not above the threshold, is Indeterminate, too; a person looks at it, so it is neither a false reject nor an escape.</li>
        <li>AUROC: share of pairs of a defective and a good part in which the defective one scores higher, ties counting half (Hanley and McNeil, Radiology 143, 1982). Its interval: percentile bootstrap, 2,000 resamples with a fixed seed, good and defective parts drawn apart (Efron and Tibshirani, 1993).</li>
        <li>Intervals of shares: Wilson's score interval (JASA 22, 1927), 95 %. They hold for parts drawn independently; photos of one part, or of one hour, tell less than their number.</li>
        <li>Escapes at a share: the threshold is the lowest good score with at most that share of these good parts above it. It is chosen on these very photos, so it flatters; the model's own threshold does not.</li>
        <li>Average precision: sum over thresholds of the step in recall times the precision, without interpolation (Davis and Goadrich, ICML 2006).</li>
        <li>Pixel AUROC: the same as AUROC over all pixels of good photos and of those with a mask, the map spread bilinearly over the photo, at most 1,024 pixels on its longer side.</li>
        <li>PRO: share of each marked region (8-connected) above a threshold, averaged over regions; its mean over thresholds at which 0 to 30 % of the defect-free pixels are above (MVTec AD: Bergmann et al., CVPR 2020; IJCV 129, 2021).</li>
        </ul>

        """;

    /// <summary>The figures of a comparison.</summary>
    public const string Comparison = """
        <h2>How the figures are defined</h2>
        <ul class="quiet">
        <li>Only parts that both models scored are compared; each is judged at its own threshold. A good part is judged rightly where it passes, a defective one where it does not, be it rejected or unsure.</li>
        <li>AUROC: DeLong's test for two correlated areas (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988), two-sided. Where both models tell all parts apart it can say nothing.</li>
        <li>Verdicts: McNemar's test (Psychometrika 12, 1947), exact and two-sided: of the parts that only one model judged rightly, each would be a toss of a coin if both were equally good.</li>
        <li>p is the probability of a difference at least this large if there were none. A large p does not show that two models are equal, only that these parts cannot tell. Both tests take parts as drawn independently.</li>
        <li>Other figures as in the report of <code>evaluate</code>: Wilson's intervals for shares, percentile bootstrap for the AUROC.</li>
        </ul>

        """;
}
