"""The claims of the two articles, and for each what asks it and what answers it.

A claim is what a reader takes from the articles, in one sentence. A new one is a row here, a YAML
in manifests/findings and, where the verdict alone does not answer it, a function in `answers`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tools.findings import answers, costs, losses, models
from tools.findings.runs import Run


@dataclass(frozen=True)
class Section:
    """One claim: the comparisons that ask it, others that it is answered beside, and its plot.

    `answer` gets all of them in that order, and returns paragraphs; the first begins with the
    answer in a word. `table` gives the rows of numbers that are the section's own. `by_verdict`:
    the claim is about what is learnt, so verdict and cause say something of it.
    """

    name: str
    title: str
    claim: str
    files: tuple[str, ...]
    answer: Callable[[list[Run]], list[str]]
    beside: tuple[str, ...] = ()
    plot: str = "intervals"
    table: Callable[[list[Run]], list[str]] | None = None
    by_verdict: bool = True


SECTIONS = (
    Section(
        "adam",
        "Adam on the perceptron, 2.1.0 and 2.4.0",
        "An upgrade from 2.1.0 to 2.4.0 changes what a perceptron with Adam learns.",
        ("adam",),
        answers.changed,
        plot="ladder",
    ),
    Section(
        "sgd",
        "Gradient descent on the perceptron, 2.1.0 and 2.4.0",
        "With plain gradient descent the two versions agree better than with Adam.",
        ("sgd",),
        answers.closer,
        beside=("adam",),
        plot="ladder",
    ),
    Section(
        "custom-loss",
        "A custom loss, and the metric that changed its meaning",
        "Under a custom loss the accuracy falls apart between 2.1.0 and 2.4.0.",
        ("custom-loss", "custom-loss-one-hot", "custom-loss-crossentropy"),
        losses.fell_apart,
        table=losses.printed,
    ),
    Section(
        "adam-state",
        "Adam's first state, 1.2.1 and 1.4.0",
        "Adam begins from another state in 1.4.0 than in 1.2.1.",
        ("adam-state",),
        answers.changed,
        table=answers.first_state,
    ),
    Section(
        "linear-regression",
        "A linear regression, 1.2.1 and 1.4.0",
        "A linear regression with Adam trains otherwise in 1.4.0 than in 1.2.1.",
        ("linear-regression",),
        answers.changed,
    ),
    Section(
        "batch-normalisation",
        "Batch normalisation, 2.1.0 and 2.4.0",
        "Changes of batch normalisation make versions differ.",
        ("batch-normalisation", "without-normalisation"),
        models.normalised,
        plot="ladder",
        table=models.distances,
    ),
    Section(
        "model-size",
        "The size of a model, 2.1.0 and 2.4.0",
        "Larger models show the differences between versions more.",
        ("larger-model",),
        models.larger,
        beside=("batch-normalisation",),
        plot="ladder",
        table=models.distances,
    ),
    Section(
        "cost",
        "Time and memory of five versions",
        "Memory and graph execution change from version to version.",
        ("cost",),
        costs.answer,
        plot="cost",
        table=costs.table,
        by_verdict=False,
    ),
    Section(
        "fixed-seeds",
        "What a fixed seed gives",
        "With fixed seeds one version repeats itself, so a difference between versions is real.",
        ("fixed-seeds",),
        answers.repeats,
        beside=("adam",),
    ),
    Section(
        "re-tuning",
        "Re-tuning",
        "After an upgrade hyper-parameters have to be tuned again.",
        ("re-tuning",),
        answers.tuned_again,
        beside=("adam",),
        plot="sweep",
    ),
)
