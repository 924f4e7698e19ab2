"""Every version has the chosen optimizer, with every parameter that is asked for."""

from collections.abc import Iterator, Mapping

from diptych.api.problems import Finding
from diptych.api.raw import Document, mapping_at, text_at
from diptych.api.rules.builtin import framework_of, table_of
from diptych.api.rules.framework_versions import versions_of
from diptych_runner.contract import defaults, frameworks, optimizers, tables


def check(document: Document) -> Iterator[Finding]:
    """Yield versions that lack the optimizer, or a parameter of it that is given."""
    workload = table_of(document)
    given = mapping_at(document, "spec", "workload", "parameters")
    optimizer = text_at(given, "optimizer") or optimizers.DEFAULT
    if workload is None or optimizer not in optimizers.OPTIMIZERS:
        return
    framework = framework_of(document)
    for _, version, _ in versions_of(document):
        # What no environment was asked is left to the trial, which fails by name.
        if version not in defaults.table(framework) or not tables.serves(
            workload, framework, version
        ):
            continue
        found = defaults.class_of(framework, version, workload.interface, optimizer)
        if found is None:
            yield Finding(
                ("spec", "workload", "parameters", "optimizer"),
                f"{frameworks.named(framework).title} {version} has no {optimizer}",
                "take another optimizer, or a later version",
            )
            continue
        if _needs_a_rate(framework, version, found, workload, given):
            yield Finding(
                ("spec", "workload", "parameters", "learningRate"),
                f"{found} of {frameworks.named(framework).title} {version} has no learning rate of "
                "its own",
                "give learningRate",
            )
        for name in _lacking(framework, version, found, optimizer):
            if name in given:
                yield Finding(
                    ("spec", "workload", "parameters", name),
                    f"{found} of {frameworks.named(framework).title} {version} has no {name}",
                    f"remove {name}",
                )


def _needs_a_rate(
    framework: str, version: str, name: str, workload: tables.Workload, given: Mapping[str, object]
) -> bool:
    """Return whether neither the document nor the workload nor the class says a learning rate."""
    said = given.get("learningRate") or workload.parameters["learningRate"].default
    return not said and "learningRate" not in defaults.of_class(framework, version, name)


def _lacking(framework: str, version: str, name: str, optimizer: str) -> list[str]:
    """Return the optimizer's parameters that a class lacks; those required it has."""
    known = {*defaults.of_class(framework, version, name), *_REQUIRED}
    return [each for each in optimizers.OPTIMIZERS[optimizer].parameters if each not in known]


#: No class lacks them; some have no default for them.
_REQUIRED = ("learningRate", "momentum")
