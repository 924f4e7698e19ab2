"""A parameter that the chosen optimizer does not have would be recorded and do nothing."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, mapping_at, text_at

_OF_ADAM = ("beta1", "beta2", "epsilon")


def check(document: Document) -> Iterator[Finding]:
    """Yield Adam's parameters beside another optimizer."""
    parameters = mapping_at(document, "spec", "workload", "parameters")
    optimizer = text_at(parameters, "optimizer")
    if not optimizer or optimizer == "adam":
        return
    for name in _OF_ADAM:
        if name in parameters:
            yield Finding(
                ("spec", "workload", "parameters", name),
                f"{name} is a parameter of adam, and optimizer is {optimizer}",
                f"remove {name}, or choose adam",
            )
