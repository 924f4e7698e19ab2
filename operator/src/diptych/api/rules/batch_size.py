"""A batch is no larger than the training set it is taken from, in every setting."""

from collections.abc import Iterator
from typing import Any

from diptych.api.problems import Finding
from diptych.api.raw import Document, list_at, mapping_at, text_at
from diptych.api.rules.builtin import table_of
from diptych_runner.contract import tables


def check(document: Document) -> Iterator[Finding]:
    """Yield that batchSize is more than trainExamples, where a workload has both."""
    workload = table_of(document)
    if workload is None or not {"batchSize", "trainExamples"} <= set(workload.parameters):
        return
    batches = values_of(document, workload.parameters["batchSize"])
    examples = values_of(document, workload.parameters["trainExamples"])
    if max(batches) <= min(examples):
        return
    given = mapping_at(document, "spec", "workload", "parameters")
    name = "trainExamples" if "trainExamples" in given else "batchSize"
    yield Finding(
        ("spec", "workload", "parameters", name),
        f"a batch of {max(batches)} is larger than the training set of {min(examples)} examples",
        "lower batchSize or raise trainExamples",
    )


def values_of(document: Document, parameter: tables.Parameter) -> list[int]:
    """Return every value that the parameter has in a setting, without those not allowed."""
    given = mapping_at(document, "spec", "workload", "parameters")
    values: list[Any] = [given.get(parameter.name, parameter.default)]
    for entry in list_at(document, "spec", "sweep"):
        if text_at(entry, "parameter") == parameter.name:
            values += list_at(entry, "values")[:64]
    parsed = [_parsed(parameter, value) for value in values]
    return [value for value in parsed if value is not None] or [int(str(parameter.default))]


def _parsed(parameter: tables.Parameter, value: object) -> int | None:
    if not isinstance(value, int | str) or len(str(value)) > 64:
        return None
    try:
        return int(str(tables.parse_parameter(parameter, value)))
    except tables.ParameterError:
        return None
