"""A parameter that the chosen optimizer does not have would be recorded and do nothing."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, mapping_at, text_at
from diptych.api.rules.builtin import table_of
from diptych_runner.contract import optimizers


def check(document: Document) -> Iterator[Finding]:
    """Yield parameters of other optimizers than the one that is chosen."""
    workload = table_of(document)
    if workload is None or "optimizer" not in workload.parameters:
        return
    given = mapping_at(document, "spec", "workload", "parameters")
    optimizer = text_at(given, "optimizer") or optimizers.DEFAULT
    row = optimizers.OPTIMIZERS.get(optimizer)
    if row is None:
        return
    for name in given:
        if name in optimizers.PARAMETERS and name not in row.parameters:
            owners = [
                each for each, other in optimizers.OPTIMIZERS.items() if name in other.parameters
            ]
            yield Finding(
                ("spec", "workload", "parameters", name),
                f"{name} is a parameter of {', '.join(owners)}, and optimizer is {optimizer}",
                f"remove {name}, or choose another optimizer",
            )
