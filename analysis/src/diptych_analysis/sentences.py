"""Plain sentences from numbers: the reasons of verdicts. Pure; every number is an argument."""

from collections.abc import Collection, Sequence

from diptych_analysis import sizes
from diptych_analysis.diverging import Diverging
from diptych_analysis.estimate import Estimate
from diptych_analysis.percents import level, percent
from diptych_analysis.statistics import paired
from diptych_analysis.statistics.discordant import pairs_needed
from diptych_analysis.statistics.power import share_of_power
from diptych_analysis.summary import Verdict
from diptych_runner.contract import names

MAXIMUM_BYTES = 300
_ELLIPSIS = "..."
#: Of a longer word, such as an address, the beginning tells more than nothing of it.
_LONGEST_WORD = 30
#: Of fewer seeds the upper limit of their spread is more than one and a half times the estimate.
_FEWEST_FOR_SIZE = 5


def shortened(text: str, limit: int = MAXIMUM_BYTES) -> str:
    """Return `text` in at most `limit` bytes of UTF-8, cut between words and marked by '...'.

    A word that is too long by itself is cut at a character.

    >>> shortened("no such file: a.npz", 16), shortened("0123456789", 8)
    ('no such file...', '01234...')
    """
    data = text.encode("utf-8")
    if len(data) <= limit:
        return text
    cut = data[: limit - len(_ELLIPSIS)].decode("utf-8", errors="ignore")
    whole, _, part = cut.rpartition(" ")
    if whole and len(part) < _LONGEST_WORD and text[len(cut)] != " ":
        cut = whole
    return cut.rstrip(" ,;:(") + _ELLIPSIS


def sentence(clause: str, names: Collection[str] = ()) -> str:
    """Return a clause as a sentence; a first word with digits or `_`, or of `names`, stays."""
    word = clause.split(" ", 1)[0]
    start = clause[0].upper() if word.isalpha() and word not in names else clause[0]
    return f"{start}{clause[1:]}."


def seeds(count: int) -> str:
    """Return '1 seed' or 'n seeds'."""
    return "1 seed" if count == 1 else f"{count} seeds"


def post_hoc_sentence(changes: Sequence[str]) -> str:
    """Return that a verdict rests on what was decided after the trials had been run."""
    return (
        f"Post hoc, decided after the trials were run: {'; '.join(changes)}. Such a verdict is "
        "weaker evidence than one by a margin declared beforehand."
    )


def metric_sentence(
    row: Estimate, verdict: Verdict, versions: tuple[str, str], alpha: float
) -> str:
    """Return the sentence that says why a metric has its verdict, without a full stop.

    `versions` are the names of baseline and candidate.
    """
    baseline, candidate = versions
    if verdict == "Invalid":
        return row.problem or "the trials cannot be compared"
    if verdict == "Identical":
        return (
            f"every loss, prediction, weight and slot of {candidate} equals {baseline} bit by bit "
            f"over {seeds(row.sample.count)}"
        )
    if row.spread is None:
        return _without_spread(row)
    if verdict == "Equivalent":
        return _equivalent(row, versions, alpha)
    if verdict == "Different":
        return (
            f"{row.name} of {candidate} is {_apart(row.spread.mean)} {baseline} "
            f"({_interval(row, alpha)}{_margin(row)}) over {seeds(row.sample.count)}"
            + (" (few seeds: Student's t alone)" if row.rests_on_t else "")
        )
    return _inconclusive(row, versions, alpha)


def _without_spread(row: Estimate) -> str:
    if row.sample.count == 0:
        return f"no seed succeeded in both versions, so {row.name} has no difference"
    return (
        f"{row.name} has {seeds(row.sample.count)} that succeeded in both versions, which gives no "
        "spread; it takes at least 2"
    )


def _equivalent(row: Estimate, versions: tuple[str, str], alpha: float) -> str:
    baseline, candidate = versions
    claim = (
        f"{row.name} of {candidate} is within {number(row.margin)} of {baseline}"
        if row.side == paired.TWO_SIDED
        else f"{row.name} of {candidate} is not worse than {baseline} by {number(row.margin)}"
    )
    bounds = row.equivalence_interval or (0.0, 0.0)
    return (
        f"{claim} (difference {number(centre_of(row))}, {level(2 * alpha)}"
        f" interval {number(bounds[0])} to {number(bounds[1])}) over {seeds(row.sample.count)}"
        + _beside_the_claim(row)
    )


def _beside_the_claim(row: Estimate) -> str:
    """Say that there is a difference though the claim holds, and for non-inferiority which."""
    if not row.excludes_zero or row.spread is None or row.spread.mean == 0:
        return ""
    if row.side == paired.TWO_SIDED:
        return "; a difference inside the margin is detectable"
    if (row.spread.mean > 0) == (row.side == paired.NOT_BELOW):
        return f"; it is better by {number(abs(row.spread.mean))}"
    return "; it is worse, by less than the margin"


def _inconclusive(row: Estimate, versions: tuple[str, str], alpha: float) -> str:
    baseline, candidate = versions
    if row.is_equivalent(alpha):
        return f"{_equivalent(row, versions, alpha)}, but {_survivors(row)}"
    facts = f"{_interval(row, alpha)}{_margin(row)}, {seeds(row.sample.count)}"
    start = f"{row.name} of {candidate} is {_apart(centre_of(row))} {baseline}"
    if row.margin is None:
        shown = "a difference is hinted at" if row.excludes_zero else "no difference is shown"
        called = "equivalent" if row.side == paired.TWO_SIDED else "not worse"
        return (
            f"{start} ({facts}): {shown}, and without a margin nothing can be called {called}"
            f"{_sight(row, alpha)}"
        )
    if row.margin == 0:
        better = "" if row.side == paired.TWO_SIDED else " or by a candidate that is better"
        return f"{start} ({facts}): a margin of 0 is met only by identical bits{better}"
    return f"{start} ({facts}): {_advice(row, alpha)}"


def _survivors(row: Estimate) -> str | None:
    """Return why seeds that succeeded in both versions do not show that these are equivalent."""
    if not row.diverging.differ:
        return row.selection
    known = "" if row.diverging.sets_differ else "known to be "
    return f"not all seeds that diverge are {known}the same"


def _advice(row: Estimate, alpha: float) -> str:
    """Return what would settle an open question, or why this many seeds cannot."""
    if row.is_of_survivors:
        return "the seeds that succeeded do not settle it"
    if sizes.are_equal(row) and not sizes.lies_inside(row):
        p = number(None if row.difference is None else row.difference.decisive)
        enough = sizes.equal_needed(row, alpha)
        return (
            f"{seeds(row.sample.count)} with equal differences have no p below {p}, however large "
            f"these are; a fresh comparison of {enough} unused seeds can tell"
        )
    needed = sizes.seeds_needed(row, alpha)
    if needed is None:
        return "the spread over seeds is too large for this margin"
    if (sizes.seeds_needed(row, alpha, assured=False) or needed) <= row.sample.count:
        # Enough seeds if there were no difference: the estimate itself lies near the margin.
        if row.is_inside:
            return (
                "the interval lies inside the margin, but that is a share of a mean which so few "
                "seeds do not tell well enough"
            )
        return "the difference is too near the margin to tell on which side it is"
    shown = "shows it" if row.side == paired.TWO_SIDED else "shows that it is not worse"
    return (
        f"too few seeds to tell; if nothing differs, a fresh comparison of about {needed} unused "
        f"seeds {shown} with {power_of(row.tests)}{_rough(row)}"
    )


def _rough(row: Estimate) -> str:
    """Say of very few seeds that a size by their spread is a guess."""
    if row.sample.count >= _FEWEST_FOR_SIZE:
        return ""
    return f", but {row.sample.count} seeds tell so little of the spread that this is a rough guess"


def power_of(tests: int) -> str:
    """Return the power that a fresh comparison is sized for.

    >>> power_of(1), power_of(2)
    ('80 % power', '90 % power, 80 % for all 2 tests that decide')
    """
    if tests == 1:
        return "80 % power"
    return f"{percent(share_of_power(tests))} power, 80 % for all {tests} tests that decide"


def _sight(row: Estimate, alpha: float) -> str:
    smallest = sizes.minimum_detectable(row, alpha)
    if smallest is None:
        return ""
    return f"; this many seeds show a difference of about {number(smallest)} with 80 % power"


def diverging_sentence(
    diverging: Diverging, adjusted: float | None, versions: tuple[str, str], alpha: float
) -> str | None:
    """Return how many seeds diverge, or fail, in which version and what that shows.

    None when none does. `adjusted` is the Holm-adjusted p.
    """
    told = _paired_outcomes(diverging, adjusted, versions, alpha)
    if not diverging.unpaired:
        return told
    alone = "a trial diverged whose partner in the other version failed or is missing"
    return f"{told}; {alone}" if told else alone


def _paired_outcomes(
    diverging: Diverging, adjusted: float | None, versions: tuple[str, str], alpha: float
) -> str | None:
    verb = "fail" if diverging.outcome == names.FAILED else "diverge"
    left, right = len(diverging.baseline), len(diverging.candidate)
    if left == right == 0:
        return None
    if not diverging.sets_differ:
        return f"{right} of {seeds(diverging.seeds)} {verb} in both versions"
    told = (
        f"{right} of {seeds(diverging.seeds)} {verb} in {versions[1]} and {left} in {versions[0]}"
    )
    if diverging.exact:
        return f"{told}; the seeds of each computed the same bits, so they are one observation"
    told += f" (exact McNemar test, p {number(diverging.p_difference)})"
    if adjusted is not None and adjusted < alpha:
        return told
    if diverging.p_difference < alpha:
        return f"{told}, but over all tests of this comparison p is {number(adjusted)}"
    return (
        f"{told}: to tell that from chance it takes at least {pairs_needed(alpha)} seeds that "
        f"{verb} in one version only, all in the same one"
    )


def centre_of(row: Estimate) -> float | None:
    """Return the mean difference, None where there is no inference."""
    return None if row.spread is None else row.spread.mean


def number(value: float | None) -> str:
    """Return a number in three significant digits."""
    return "unknown" if value is None else f"{value:.3g}"


def _apart(difference: float | None) -> str:
    if not difference:
        return "equal on average to"
    return f"{number(abs(difference))} {'above' if difference > 0 else 'below'}"


def _interval(row: Estimate, alpha: float) -> str:
    bounds = row.interval or (0.0, 0.0)
    return f"{level(alpha)} interval {number(bounds[0])} to {number(bounds[1])}"


def _margin(row: Estimate) -> str:
    return "" if row.margin is None else f", margin {number(row.margin)}"
