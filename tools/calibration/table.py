"""The measured rates as a table, for the terminal and for docs/calibration.md."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.calibration.judge import ALPHA, POWER
from tools.calibration.laws import Kind
from tools.calibration.rates import Rates, law_named

_HEAD = (
    "| law of the two versions | n | false Different | second alone | false Equivalent | "
    "coverage 95 % | coverage 90 % | power Different | power Equivalent | called skewed |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def rows(found: Sequence[Rates], kind: Kind) -> list[str]:
    """Return the lines of a table of the laws of a kind."""
    lines = [*_HEAD]
    for each in found:
        if law_named(each.law).kind is not kind:
            continue
        cells = [
            each.law,
            str(each.seeds),
            _percent(each.share("different")),
            _percent(each.share("second_different")),
            _percent(each.false_equivalent),
            _percent(each.share("covered")),
            _percent(each.share("covered_narrow")),
            _percent(each.share("caught")),
            _percent(each.share("equivalent")),
            _percent(each.share("warned")) if each.seeds >= 8 else "–",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


@dataclass(frozen=True)
class Measured:
    """All that was measured: rates by law, and the lines of the tables from records."""

    rates: Sequence[Rates]
    pipeline: Sequence[str]
    families: Sequence[str]
    ladders: Sequence[str]
    again: str


def document(measured: Measured) -> str:
    """Return docs/calibration.md."""
    found = measured.rates
    comparisons = found[0].comparisons
    error = 100 * found[0].error_of(ALPHA)
    return "\n".join(
        [
            "# How often the rules are wrong",
            "",
            f"Made by `make calibration`: {comparisons:,} simulated comparisons a row, seeded, "
            "judged by the functions that judge real ones. A rate that is truly 5 % has a "
            f"Monte-Carlo standard error of {error:.2f} %. [statistics.md](statistics.md) says "
            "what the methods are.",
            "",
            "- *false Different*: the two versions have equal means; nominal at most 5 %.",
            "- *second alone*: what the second method (flips of signs, from 20 seeds the BCa "
            "bootstrap) would falsely call Different if it decided alone.",
            "- *false Equivalent*: they differ by exactly the margin, on the worse of its two "
            "sides; nominal at most 5 %.",
            "- *coverage*: how often the interval holds the true difference; nominal 95 % and "
            "90 %.",
            "- *power*: at a difference, and at a margin, for which Student's t has "
            f"{100 * POWER:g} % with normal differences. No test of that level has more there: it "
            "is the best attainable at the normal laws.",
            "- *called skewed*: how often the caution `Skewed` is given.",
            "",
            "## Equal versions and shifts of one law: levels hold",
            "",
            *rows(found, Kind.LEVEL),
            "",
            "## Versions of laws of different shapes: levels do not hold",
            "",
            "Equal means, and nothing else equal: the differences are skewed. Here Different and "
            "Equivalent are wrong more often than 5 %; the last column says how often that is "
            "noticed.",
            "",
            *rows(found, Kind.SKEWED),
            "",
            "## From records to verdict",
            "",
            "Records written in the store's layout, read, verified and judged by what `diptych "
            "analyze` runs; the margin is 1.5 standard deviations between seeds.",
            "",
            *measured.pipeline,
            "",
            "## Several metrics and versions",
            "",
            "The same from records, of comparisons with three primary metrics (an accuracy of 200 "
            "examples, a skewed loss, a normal one) that hang together within a training, and one "
            "candidate or three. Margins are 1.1 standard deviations of a difference; a version "
            "*at* the margin differs by exactly that, one *beyond* by twice as much. Equal "
            "candidates are judged without margins, so that nothing is called Equivalent before "
            "it could be called Different. Of 250 comparisons a rate that is truly 5 % has a "
            "standard error of 1.4 %.",
            "",
            "- *false Different*: of metrics that do not differ, and of comparisons with any such "
            "metric called Different, or with more seeds said to diverge or fail in one version. "
            "Holm's correction holds the second at 5 %.",
            "- *false Equivalent*: of metrics at or beyond their margin; of candidates with such a "
            "metric; and of comparisons with any such candidate. The first is at most 5 %, and so "
            "is the second, for a candidate takes all of its metrics. The third is not corrected: "
            "of several candidates at their margins each has its own 5 %.",
            "- *right*: what is said of candidates of which nothing, and of which something, "
            "differs by a margin or more.",
            "",
            *measured.families,
            "",
            "## The cause",
            "",
            "From records again, ladders over the verdict's seeds or over the first of them: the "
            "draws of which versions differ are made equal by one control after the other, those "
            "called arithmetic by none; a mean difference, in standard deviations between seeds, "
            "comes on top and *stays* or goes *with it*. Of 100 comparisons a rate that is truly "
            "5 % has a standard error of 2.2 %.",
            "",
            "- *idle control proved*: comparisons in which a control that takes nothing away is "
            "said to; at most 5 %, corrected over the controls.",
            "- *a cause named*: a control is said to take a part away. *One that holds it*: it "
            "takes away what the strongest does, but for 6 %; *the weakest of these* holds nothing "
            "equal that need not be. Where none is named, more seeds or controls are asked for.",
            "- *share's interval covers*: how often it holds the true share; nominal at least "
            "95 %.",
            "- *wrong of the mean*: of causes named where the means differ, those that say that "
            "the mean difference went though it stays, or that some stays though all went; at "
            "most 5 %.",
            "",
            *measured.ladders,
            "",
            "## Looking again",
            "",
            measured.again,
            "",
        ]
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
