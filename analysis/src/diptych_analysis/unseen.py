"""What nobody saw of code of one's own: no control can hold it equal, and nothing rules it out.

A control shares what the code asks the run for. A loop that draws its batches or masks by itself is
the same training under every control: what a control takes away there is chance.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from diptych_analysis.aspects import held
from diptych_analysis.data import has_training_set
from diptych_analysis.divergence import Pair
from diptych_analysis.records.table import Table
from diptych_runner.contract import names

_WORDS = {
    names.INITIAL_WEIGHTS: "initial weights",
    names.BATCH_ORDER: "the order of batches",
    names.MASKS: "masks of random layers",
    names.PARAMETERS: "parameters of the optimizer",
}


@dataclass(frozen=True)
class Unseen:
    """`unasked` aspects the code never asked for, under controls that would have shared them.

    `batches`: no pair of trials is known to have taken other batches; `examples`: what an example
    holds was not recorded, as in a loop of the code's own.
    """

    unasked: frozenset[str] = frozenset()
    batches: bool = False
    examples: bool = False


def unseen_of(table: Table, versions: Iterable[str], pairs: Iterable[Pair]) -> Unseen:
    """Return what was not seen; `pairs` are those under the verdict's control."""
    if table.plan.axes["workload"]["module"] is None:
        return Unseen()
    pairs = list(pairs)
    records = [record for pair in pairs for record in pair]
    fed = [{record.inputs_sha256 for record in pair} for pair in pairs]
    claimed, asked = set[str](), set[str]()
    for control in {cell.control for cell in table.plan.cells}:
        for record in (r for name in versions for r in table.succeeded(name, (control, 0))):
            claimed |= held(table.plan, control)
            asked |= set() if record.setup is None else {*record.setup.shared}
    return Unseen(
        unasked=frozenset(claimed - asked),
        batches=not any(len(digests - {None}) > 1 for digests in fed),
        examples=not all(r.setup is not None and has_training_set(r.setup) for r in records),
    )


def unasked_told(unasked: frozenset[str]) -> str:
    """Say of what no control can tell whether it is the cause; empty of nothing."""
    told = [words for aspect, words in _WORDS.items() if aspect in unasked]
    if not told:
        return ""
    return (
        f"The code does not ask the run for {_listed(told)}, so no control holds that equal: "
        "whether it is the cause is not shown."
    )


def _listed(words: list[str]) -> str:
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
