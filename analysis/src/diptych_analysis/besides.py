"""What one must know of a metric besides the sentence that decides; pure, as `sentences` is."""

from diptych_analysis.estimate import Estimate
from diptych_analysis.sentences import number
from diptych_analysis.statistics.sample import mean
from diptych_analysis.summary import Verdict

#: Frameworks compute metrics in float32; a smaller drift is rounding.
DRIFT_SHOWN = 1e-4


def survivors_sentence(row: Estimate) -> str | None:
    """Return over which seeds the numbers are, when some diverged; None when none did."""
    diverging = row.diverging
    if row.problem or not (diverging.baseline or diverging.candidate):
        return None
    if row.sample.count == diverging.seeds:
        return (
            f"Numbers of metrics are over all {diverging.seeds} seeds, of one that diverges over "
            "its repeats that succeeded"
        )
    return (
        f"Numbers of metrics are over the {row.sample.count} of {diverging.seeds} seeds that "
        "succeeded in both versions"
    )


def degenerate_sentence(row: Estimate) -> str | None:
    """Return the warning that all per-seed differences are equal; None when they vary."""
    if row.spread is None or row.spread.deviation != 0 or row.identical:
        return None
    if row.spread.exact:
        return (
            f"All {row.sample.count} seeds computed the same bits, so they are one observation "
            "and not independent evidence"
        )
    return (
        f"All {row.sample.count} per-seed differences of {row.name} are equal, so the seeds are "
        "not independent evidence and the interval has no width; the p values are of the sign test"
    )


def margin_sentence(row: Estimate) -> str | None:
    """Return why a declared relative margin is none; None when there is nothing to say."""
    if row.margin is not None or row.metric["relativeMargin"] is None or row.problem:
        return None
    if not row.sample.count:
        return f"The relative margin of {row.name} is none, for no pair of trials gives a mean"
    why = "values lie on both sides of 0" if mean(row.sample.baseline) else "mean is 0"
    return f"The relative margin of {row.name} is none, for the baseline's {why}"


def drift_sentence(row: Estimate, versions: tuple[str, str]) -> str | None:
    """Return that the framework's own metric moves by itself, as by a regularizer; else None."""
    if row.drift is None or abs(row.drift) <= DRIFT_SHOWN:
        return None
    return (
        f"What the framework itself reports as {row.name.removeprefix('test_')!r} moves by "
        f"{number(row.drift)} more than {row.name} from {versions[0]} to {versions[1]}: so much "
        "is a change of what is reported under that name (another formula, or terms such as a "
        f"regularizer's), and none of {row.name}"
    )


def close_sentence(name: str, adjusted: float | None, verdict: Verdict, alpha: float) -> str | None:
    """Return that a difference rests on a p that is not far below alpha; None when it does not.

    Above alpha / 10 it is what Benjamin et al. (2018), Nature Human Behaviour 2, 6-10, call
    suggestive; of equal versions nine false alarms in ten are there.
    """
    if verdict != "Different" or adjusted is None or not alpha / 10 <= adjusted < alpha:
        return None
    return (
        f"The p of {name}, {number(adjusted)}, is not far below {number(alpha)}: up to "
        f"{100 * alpha:.3g} % of comparisons of equal versions end as Different, nine in ten of "
        "these by such a p; see it again on unused seeds before you rely on it"
    )


def holm_sentence(
    row: Estimate, adjusted: float | None, verdict: Verdict, alpha: float
) -> str | None:
    """Return that Holm's correction withheld a difference; None when it did not."""
    if verdict != "Inconclusive" or not row.excludes_zero or adjusted is None or adjusted < alpha:
        return None
    if row.difference is None or row.difference.decisive >= alpha:
        return None  # it is not the correction that withheld it
    return (
        f"By itself the interval of {row.name} leaves out 0; of as many tests as this comparison "
        f"has one does so by chance too often to count: corrected for all, p is {number(adjusted)}"
    )
