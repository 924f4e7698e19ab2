"""A built-in workload trains on several GPUs only where that is built, and where a batch suffices.

A module may use as many as its pod has: that is its code's own affair.
"""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, integer_at
from diptych.api.rules.batch_size import values_of
from diptych.api.rules.builtin import framework_of, table_of
from diptych.api.rules.framework_versions import versions_of
from diptych_runner.contract import frameworks, tables

_PATH = ("spec", "resources", "gpus")


def check(document: Document) -> Iterator[Finding]:
    """Yield more than one GPU for a workload or a version that uses one, or for a smaller batch."""
    gpus = integer_at(document, "spec", "resources", "gpus", default=0)
    workload = table_of(document)
    framework = framework_of(document)
    if gpus < 2 or workload is None or framework not in workload.frameworks:
        return
    title = frameworks.named(framework).title
    if framework not in workload.several_gpus:
        yield Finding(
            _PATH,
            f"{workload.name} trains on one GPU in {title}, got {gpus}",
            f"set gpus to 1{_others(framework, title)}",
        )
        return
    for _, version, _ in versions_of(document):
        if version[0].isdigit() and not tables.spreads(workload, framework, version):
            yield Finding(
                _PATH,
                f"{workload.name} trains on several GPUs from {title} "
                f'{workload.several_gpus[framework]} on, got {gpus} for "{version[:40]}"',
                "set gpus to 1, or take later versions",
            )
            return
    batch = min(values_of(document, workload.parameters["batchSize"]))
    if batch < gpus:
        yield Finding(
            _PATH, f"{gpus} GPUs cannot share a batch of {batch}", "lower gpus or raise batchSize"
        )


def _others(framework: str, title: str) -> str:
    """Return which workloads do use several, for the fix."""
    names = [row.name for row in tables.workloads().values() if framework in row.several_gpus]
    return f"; in {title} {', '.join(names)} trains on several" if names else ""
