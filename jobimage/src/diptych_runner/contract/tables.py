"""The two data tables: framework versions with their environments, built-in workloads.

Both are JSON files beside this module; adding a version or a parameter is a line of data. Spec
fields carry no floats, so a "number" parameter travels as a decimal string.
"""

import json
import os
import re
from decimal import Decimal
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Union

from diptych_runner.contract import names, optimizers
from diptych_runner.contract.versions import numbers

#: ASCII digits alone: str.isdigit and Decimal take other scripts, and exponents without end.
_WHOLE = re.compile(r"\A-?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"\A[+-]?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?\Z")

ParameterValue = Union[int, str, None]

Environment = NamedTuple(
    "Environment",
    [
        ("framework", str),
        ("version", str),
        ("python", str),
        ("cpu", str),
        ("gpu", str),
        ("image", str),
        ("pins", List[str]),
    ],
)

Parameter = NamedTuple(
    "Parameter",
    [
        ("name", str),
        ("type", str),
        ("default", ParameterValue),
        ("minimum", Union[int, str, None]),
        ("maximum", Union[int, str, None]),
        ("choices", Optional[List[str]]),
        ("description", str),
    ],
)

#: How a metric is computed and judged when a parameter has a certain value.
Variant = NamedTuple(
    "Variant",
    [
        ("parameter", str),
        ("value", str),
        ("evaluator", str),
        ("margin", Optional[str]),
        ("relative_margin", Optional[str]),
        ("reason", str),
    ],
)

Metric = NamedTuple(
    "Metric",
    [
        ("name", str),
        ("evaluator", str),
        ("direction", str),
        ("margin", Optional[str]),
        ("relative_margin", Optional[str]),
        ("reason", str),
        ("variants", List[Variant]),
    ],
)

Workload = NamedTuple(
    "Workload",
    [
        ("name", str),
        ("summary", str),
        ("frameworks", Dict[str, Optional[str]]),
        ("several_gpus", Dict[str, Optional[str]]),
        ("data", Optional[str]),
        ("interface", str),
        ("aspects", List[str]),
        ("parameters", Dict[str, Parameter]),
        ("checkpoint_every_steps", Optional[int]),
        ("metrics", List[Metric]),
    ],
)


class ParameterError(ValueError):
    """A parameter's value is not allowed; `bound` says what is."""

    def __init__(self, bound: str) -> None:
        """Take the sentence that says which values are allowed."""
        super().__init__(bound)
        self.bound = bound


def environments(framework: Optional[str] = None) -> List[Environment]:
    """Return the rows of the environment table in its order, or those of one framework."""
    rows = [
        Environment(
            framework=row["framework"],
            version=row["version"],
            python=row["python"],
            cpu=row["cpu"],
            gpu=row["gpu"],
            image=row["image"],
            pins=row["pins"],
        )
        for row in _table("environments.json")["environments"]
    ]
    return [row for row in rows if framework in (None, row.framework)]


def workloads() -> Dict[str, Workload]:
    """Return every built-in workload by its name."""
    return {row["name"]: _workload(row) for row in _table("workloads.json")["workloads"]}


def serves(workload: Workload, framework: str, version: str) -> bool:
    """Return whether a workload can run on a framework version: from its first one on."""
    return _has(workload.frameworks, framework, version)


def spreads(workload: Workload, framework: str, version: str) -> bool:
    """Return whether a workload can train on several GPUs at once in a framework version."""
    return _has(workload.several_gpus, framework, version)


def _has(first: Dict[str, Optional[str]], framework: str, version: str) -> bool:
    """Return whether a version is not before the first one of its framework."""
    if framework not in first:
        return False
    since = first[framework]
    return since is None or numbers(version) >= numbers(since)


def aspects_of(workload: Workload, parameters: Mapping[str, ParameterValue]) -> List[str]:
    """Return what a control can hold equal in a workload under these parameters."""
    idle = []
    drops = Decimal(str(parameters.get("dropout", 1))) > 0
    if not drops and parameters.get("augmentation", "none") == "none":
        idle.append(names.MASKS)
    if not optimizers.left_open(parameters):
        idle.append(names.PARAMETERS)
    return [aspect for aspect in workload.aspects if aspect not in idle]


def aspects_in(builtin: Optional[str], parameters: Mapping[str, ParameterValue]) -> List[str]:
    """Return what a control can hold equal in a built-in workload; elsewhere everything."""
    workload = workloads().get(builtin or "")
    if workload is None:
        return [aspect for aspect in names.ASPECTS if aspect is not None]
    return aspects_of(workload, parameters)


def metrics_of(workload: Workload, parameters: Mapping[str, ParameterValue]) -> List[Metric]:
    """Return a workload's metrics as they are computed and judged under these parameters."""
    return [_under(metric, parameters) for metric in workload.metrics]


def _under(metric: Metric, parameters: Mapping[str, ParameterValue]) -> Metric:
    for variant in metric.variants:
        if parameters.get(variant.parameter) == variant.value:
            return metric._replace(
                evaluator=variant.evaluator,
                margin=variant.margin,
                relative_margin=variant.relative_margin,
                reason=variant.reason,
            )
    return metric


def parse_parameter(parameter: Parameter, value: object) -> ParameterValue:
    """Return `value` as it travels in a plan: an int, a decimal string or a choice.

    Raises ParameterError with the bound when the value is not allowed.
    """
    if parameter.type == "choice":
        return _parse_choice(parameter, value)
    if parameter.type == "integer":
        return _parse_integer(parameter, value)
    return _parse_number(parameter, value)


def bound_of(parameter: Parameter) -> str:
    """Return the sentence that says which values a parameter takes."""
    if parameter.type == "choice":
        return "one of " + ", ".join(parameter.choices or [])
    kind = (
        "a whole number" if parameter.type == "integer" else 'a number as a string, like "0.001",'
    )
    return "{} from {} to {}".format(kind, parameter.minimum, parameter.maximum)


def _parse_choice(parameter: Parameter, value: object) -> str:
    if not isinstance(value, str) or value not in (parameter.choices or []):
        raise ParameterError(bound_of(parameter))
    return value


def _parse_integer(parameter: Parameter, value: object) -> int:
    if isinstance(value, str) and _WHOLE.match(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ParameterError(bound_of(parameter))
    if not int(str(parameter.minimum)) <= value <= int(str(parameter.maximum)):
        raise ParameterError(bound_of(parameter))
    return value


def _parse_number(parameter: Parameter, value: object) -> str:
    if not isinstance(value, (int, str)) or isinstance(value, bool):
        raise ParameterError(bound_of(parameter))
    if not _NUMBER.match(str(value)):
        raise ParameterError(bound_of(parameter))
    number = Decimal(str(value))
    if not Decimal(str(parameter.minimum)) <= number <= Decimal(str(parameter.maximum)):
        raise ParameterError(bound_of(parameter))
    return _plain(number)


def _plain(number: Decimal) -> str:
    """Return the one spelling of a decimal, so that "0.10" and "1e-1" hash alike."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _workload(row: Dict[str, Any]) -> Workload:
    return Workload(
        name=row["name"],
        summary=row["summary"],
        frameworks=_since(row["frameworks"]),
        several_gpus=_since(row.get("severalGpus", {})),
        data=row["data"],
        interface=row["interface"],
        aspects=row["aspects"],
        parameters={entry["name"]: _parameter(entry) for entry in row["parameters"]},
        checkpoint_every_steps=row["checkpointEverySteps"],
        metrics=[_metric(entry) for entry in row["metrics"]],
    )


def _since(entry: Dict[str, Any]) -> Dict[str, Optional[str]]:
    return {name: each["since"] for name, each in entry.items()}


def _parameter(entry: Dict[str, Any]) -> Parameter:
    return Parameter(
        name=entry["name"],
        type=entry["type"],
        default=entry["default"],
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        choices=entry.get("choices"),
        description=entry["description"],
    )


def _metric(entry: Dict[str, Any]) -> Metric:
    return Metric(
        name=entry["name"],
        evaluator=entry["evaluator"],
        direction=entry["direction"],
        margin=entry.get("margin"),
        relative_margin=entry.get("relativeMargin"),
        reason=entry["reason"],
        variants=[_variant(each) for each in entry.get("variants", [])],
    )


def _variant(entry: Dict[str, Any]) -> Variant:
    return Variant(
        parameter=entry["parameter"],
        value=entry["value"],
        evaluator=entry["evaluator"],
        margin=entry.get("margin"),
        relative_margin=entry.get("relativeMargin"),
        reason=entry["reason"],
    )


def _table(name: str) -> Any:
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)
