"""The answers in plain words, each chosen by what the records say: no verdict is written here.

Every function gets the runs of its section and returns paragraphs. The first word answers the
claim: Yes, No, Not shown, Not settled, or Partly.
"""

import math

import numpy as np
from tools.findings.digits import between, decimals_of, margin_of, rounded, with_interval
from tools.findings.distances import Distance, Ratio, ratio_of
from tools.findings.runs import Run

from diptych_analysis.percents import percent
from diptych_analysis.report.numbers import count, number
from diptych_analysis.summary import Metric
from diptych_runner.contract import names

ACCURACY, LOSS = "test_accuracy", "test_loss"
_STEP_0 = "checkpoints/step-0.npz"


def changed(runs: list[Run]) -> list[str]:
    """Answer "it changes" by the verdict."""
    run = runs[0]
    return [f"{verdict_told(run)}{_seed_by_seed(run)}"]


def verdict_told(run: Run) -> str:
    """Return whether a version changes a result, by the verdict on the primary metric."""
    metric = primary(run)
    versions = f"{run.candidate.version} and {run.summary.baseline}"
    said = {
        "Identical": lambda: (
            f"No. Every loss, prediction, weight and slot of {versions} is the same, bit by bit, "
            f"in {_all_seeds(run)}."
        ),
        "Equivalent": lambda: (
            f"No. Over {count(metric.seeds, 'seed')} the mean {metric.name} of {versions} agrees "
            f"within the margin of {margin_of(metric.margin or 0)}: {_difference(metric)}."
        ),
        "Different": lambda: f"Yes. {run.candidate.reason}",
        "Inconclusive": lambda: (
            f"Not settled: over {count(metric.seeds, 'seed')} neither a difference nor equivalence "
            f"is shown: {_difference(metric)}."
        ),
        "Invalid": lambda: f"Not answered: {run.candidate.reason}",
    }
    return said[run.candidate.verdict]()


def _all_seeds(run: Run) -> str:
    if run.seeds > 1:
        return f"all {count(run.seeds, 'seed')}"
    return "all trials (nothing is drawn here, so there is one seed)"


def _difference(metric: Metric) -> str:
    decimals = decimals_of(metric.equivalence_interval)
    level = percent(2 * metric.confidence - 1)
    return (
        f"they differ by {rounded(metric.difference, decimals)}, {level} interval "
        f"{between(metric.equivalence_interval, decimals)}"
    )


def _seed_by_seed(run: Run) -> str:
    """Return how far single trainings part although the means agree; nothing where they do not."""
    distance = run.distance(primary(run).name)
    if run.candidate.verdict != "Equivalent" or distance is None or distance.interval is None:
        return ""
    return (
        f" One training with one seed is another matter: seed by seed the two lie "
        f"{with_interval(distance.rms, distance.interval)} apart{_two_seeds(run)}."
    )


def _two_seeds(run: Run) -> str:
    apart = two_seeds_apart(primary(run))
    return "" if apart is None else f", two seeds of one version {number(apart, 2)}"


def two_seeds_apart(metric: Metric) -> float | None:
    """Return the root mean square distance of two seeds of one version."""
    noise = metric.noise.between_seeds
    return None if noise is None else math.sqrt(2) * noise


def closer(runs: list[Run]) -> list[str]:
    """Answer "with this optimizer the versions agree better" in accuracy and in loss."""
    run, other = runs
    parts = [
        _compared(run.share(name), other.share(name), name, "as with Adam")
        for name in (ACCURACY, LOSS)
    ]
    words = {part[0] for part in parts}
    lead = f"{words.pop()}." if len(words) == 1 else "Partly."
    told = " ".join(part[1] for part in parts)
    return [f"{lead} {told}", also(run)]


def also(run: Run) -> str:
    """Return the verdict's sentences without the word that answers another claim."""
    told = verdict_told(run)
    head, _, rest = told.partition(" ")
    return rest if head in ("Yes.", "No.") else told


def _compared(
    first: Distance | None, second: Distance | None, name: str, than: str
) -> tuple[str, str]:
    """Return a word, and how many times closer the first distance is, both as shares."""
    ratio = None if first is None or second is None else ratio_of(first, second)
    if ratio is None:
        return "Not shown", f"In {name} one of the two distances is 0, so there is no ratio."
    told = f"in {name} the versions lie {times(ratio)} as far apart, seed by seed, {than}"
    if ratio.shrinks:
        return "Yes", f"{told[0].upper()}{told[1:]}: closer."
    if ratio.grows:
        return "No", f"{told[0].upper()}{told[1:]}: farther."
    return "Not shown", f"{told[0].upper()}{told[1:]}: chance explains that."


def times(ratio: Ratio) -> str:
    """Return how many times one distance is another, with the interval."""
    low, high = ratio.interval
    top = "any number of" if math.isinf(high) else _two(high)
    return f"{_two(ratio.value)} times (95 % interval {_two(low)} to {top})"


def _two(value: float) -> str:
    """Return two digits, and of 100 and more all before the point.

    >>> _two(1.0), _two(0.094), _two(101.7)
    ('1.0', '0.094', '102')
    """
    return f"{value:.0f}" if value >= 9.95 else f"{value:#.2g}"


def first_state(runs: list[Run]) -> list[str]:
    """Return every variable before the first step in both versions."""
    run = runs[0]
    versions = run.summary.baseline, run.candidate.version
    states = [_state(run, version) for version in versions]
    keys = sorted({*states[0], *states[1]})
    rows = [f"| {key} | {' | '.join(state.get(key, 'none') for state in states)} |" for key in keys]
    return [f"| before step 1 | {' | '.join(versions)} |", "|---|---|---|", *rows, ""]


def _state(run: Run, version: str) -> dict[str, str]:
    record = run.table.succeeded(version, (run.control, 0))[0]
    entries = run.loader.entries(record)[_STEP_0]
    arrays = run.loader.arrays(record, _STEP_0, entries)
    return {key: ", ".join(number(float(v), 7) for v in np.ravel(a)) for key, a in arrays}


def repeats(runs: list[Run]) -> list[str]:
    """Answer "a fixed seed repeats itself, so a difference between versions is real"."""
    run, upgrade = runs
    noise, metric = primary(run).noise, primary(upgrade)
    same = (run.candidate.verdict, noise.same_seed) == ("Identical", 0.0)
    if not same:
        return [f"No. {run.candidate.reason}"]
    distance = upgrade.distance(metric.name)
    apart = "" if distance is None else with_interval(distance.rms, distance.interval)
    return [
        f"Partly. The first half, yes: run again, {_all_seeds(run)} give every loss, prediction "
        "and weight of one version bit by bit. The second half, no: with equal seeds "
        f"{upgrade.summary.baseline} and {upgrade.candidate.version} lie {apart} apart in "
        f"{metric.name}{_two_seeds(upgrade)}, and on average they are "
        f"{upgrade.candidate.verdict}{_by_random_numbers(upgrade)}. One training of each cannot "
        "tell an upgrade from another seed: it takes many seeds, or the controls that hold the "
        "random numbers equal."
    ]


def _by_random_numbers(run: Run) -> str:
    """Return that nothing is left under equal random numbers; nothing where something is."""
    gone = [
        row.control
        for row in run.candidate.attribution
        if row.per_seed_rms == 0 and row.evidence == "Proved"
    ]
    # A control that shares more than draws may have taken away a default or arithmetic.
    if not gone or not names.shared_aspects(gone[0]) <= names.DRAWN_ASPECTS:
        return ""
    return (
        f"; of that distance nothing is left under {gone[0]}, so it is other random numbers from "
        "the same seed"
    )


def tuned_again(runs: list[Run]) -> list[str]:
    """Answer "hyper-parameters have to be tuned again": where a default changed, and where not."""
    run, upgrade = runs
    word = {"Different": "Yes", "Equivalent": "No", "Identical": "No"}
    told = word.get(run.candidate.verdict, "Not settled")
    found = [f"{told}, {_upgrade_of(run)}: {run.candidate.reason}"]
    if run.candidate.sweep is not None:
        found.append(run.candidate.sweep.told)
    kept = word.get(upgrade.candidate.verdict, "Not settled")
    if kept != "Yes":
        kept = f"{kept}, {_upgrade_of(upgrade)}, with every parameter as it was"
    found.append(f"{kept}: {upgrade.candidate.reason}")
    return found


def _upgrade_of(run: Run) -> str:
    optimizer = str(run.report.plan.axes["workload"]["parameters"]["optimizer"])
    return f"for {optimizer.capitalize()} from {run.summary.baseline} to {run.candidate.version}"


def primary(run: Run) -> Metric:
    """Return the first candidate's deciding metric as given."""
    return next(m for m in run.candidate.metrics if m.primary and m.setting == 0)


def three(value: float | None) -> str:
    """Return a share with three decimals."""
    return rounded(value, 3)
