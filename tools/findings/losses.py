"""Answers "the accuracy falls apart under a custom loss": what is learnt, what is printed."""

from tools.findings.answers import LOSS, primary, three
from tools.findings.runs import Run

from diptych_analysis.report.numbers import number
from diptych_analysis.statistics.sample import mean


def fell_apart(runs: list[Run]) -> list[str]:
    """Answer "the accuracy falls apart": what happens to the model, and what is printed."""
    asked, _, learns = runs
    apart = [run for run in runs if run.candidate.verdict == "Different"]
    if apart:
        return [f"Yes, with {apart[0].name}. {apart[0].candidate.reason}"]
    left, right = _reported(learns)
    metric = primary(learns)
    drift = metric.framework_metric_drift or 0.0
    shown = learns.candidate.verdict in ("Identical", "Equivalent")
    paragraphs = [
        f"{'No' if shown else 'Not settled'}: what falls apart is the number that is printed as "
        f"`accuracy`. Under {learns.name}, whose verdict is {learns.candidate.verdict}, "
        f"{learns.summary.baseline} prints {three(left)} and {learns.candidate.version} "
        f"{three(right)} for models that are right in {three(metric.baseline_mean)} and "
        f"{three(metric.candidate_mean)} of the test set: {three(drift)} of drift "
        f"(`frameworkMetricDrift`) and no regression.{_fall(runs)} "
        "The string `accuracy` takes its meaning from the loss's identity before 2.2 and from the "
        "labels' shape since: under a loss of one's own, with labels of shape (n, 1), versions "
        "before 2.2 take the labels for one-hot rows, whose largest entry is always the first. "
        "They print how often class 0 is predicted."
    ]
    if not _learns(asked):
        paragraphs.append(_cannot_learn(asked))
    return paragraphs


def _fall(runs: list[Run]) -> str:
    """Return how large a fall the intervals of all losses leave possible."""
    lowest = [ends[0] for run in runs if (ends := primary(run).interval) is not None]
    if len(lowest) < len(runs):
        return ""
    return (
        f" In all {len(runs)} losses the 95 % intervals exclude that the share of right "
        f"predictions falls by more than {three(max(0.0, -min(lowest)))}."
    )


def _learns(run: Run) -> bool:
    """Whether the loss depends on anything that training can change."""
    noise = run.metric(LOSS).noise.between_seeds or 0.0
    return noise > 1e-6 * abs(run.metric(LOSS).baseline_mean or 0.0)


def _cannot_learn(run: Run) -> str:
    loss, accuracy = run.metric(LOSS), primary(run)
    return (
        "And the loss as the source has it teaches nothing, in any version. Labels of shape (n, 1) "
        "are broadcast against ten outputs, which lie between 0 and 1 and sum to 1, and labels are "
        "whole numbers: so the ten distances |y − ŷ| sum to 10 y − 1, or to 1 for y = 0, whatever "
        "is predicted. Only 0.001 ŷ² is left to learn from, and it draws every output to one "
        f"tenth. The test loss is {number(loss.baseline_mean)} for every seed, with a standard "
        f"deviation of {number(loss.noise.between_seeds, 1)}; {three(accuracy.baseline_mean)} of "
        "the predictions are right, as by guessing. With labels as wide as the outputs "
        "(custom-loss-one-hot) the same formula learns, and both versions print what they predict."
    )


def printed(runs: list[Run]) -> list[str]:
    """Return what each version predicts rightly and what it prints, for each loss."""
    head = "| loss | version | right predictions | printed as `accuracy` |"
    rows = []
    for run in runs:
        metric, reported = primary(run), _reported(run)
        means = metric.baseline_mean, metric.candidate_mean
        names = run.summary.baseline, run.candidate.version
        rows += [
            f"| {run.name} | {name} | {three(right)} | {three(said)} |"
            for name, right, said in zip(names, means, reported, strict=True)
        ]
    return [head, "|---|---|---|---|", *rows, ""]


def _reported(run: Run) -> tuple[float | None, float | None]:
    """Return the mean of what each version's framework calls accuracy."""
    sample = run.sample(lambda record: record.reported.get("accuracy"))
    if not sample.count:
        return None, None
    return mean(sample.baseline), mean(sample.candidate)
