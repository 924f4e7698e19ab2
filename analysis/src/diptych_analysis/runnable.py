"""Could Diptych run a plan's trials again? Records of another program may say what it has not."""

from collections.abc import Iterator
from decimal import Decimal

from diptych_analysis.resource import resource_of
from diptych_runner.contract import frameworks, tables
from diptych_runner.contract.plan import Plan


def ready(plan: Plan) -> str | None:
    """Return the plan's VersionComparison as YAML; None where `diptych validate` refuses it."""
    return resource_of(plan) if not_runnable(plan) is None else None


def not_runnable(plan: Plan) -> str | None:
    """Return why Diptych cannot run a plan, as a sentence; None when it can."""
    problem = next(_problems(plan), None)
    return None if problem is None else f"No YAML to run: {problem}."


def _problems(plan: Plan) -> Iterator[str]:
    framework, builtin = plan.axes["framework"], plan.axes["workload"]["builtin"]
    if framework not in frameworks.frameworks():
        yield f"Diptych has no framework {framework}"
    for entry in plan.axes["versions"]:
        if not entry["version"][:1].isdigit():
            yield f"{entry['version']} is no version of {framework}"
    if builtin is not None:
        yield from _of_workload(plan, builtin)
    for metric in plan.document["analysis"]["metrics"]:
        margins = [str(metric[key] or "1") for key in ("margin", "relativeMargin")]
        # Records can be analysed by such a margin: identical bits meet it.
        if not all(Decimal(margin.removesuffix("%")) for margin in margins):
            name = metric["name"]
            yield f"in one the margin of {name} is more than 0, and here 0"
    percent = plan.document["analysis"]["minimumCompletedPercent"]
    if percent < 1:
        yield f"in one minimumCompletedPercent is at least 1, and here {percent}"


def _of_workload(plan: Plan, builtin: str) -> Iterator[str]:
    table = tables.workloads().get(builtin)
    if table is None:
        yield f"Diptych has no built-in workload {builtin}"
        return
    parameters = plan.axes["workload"]["parameters"]
    given = {name for name, value in parameters.items() if value is not None}
    swept = {name for setting in plan.axes["settings"] for name in setting}
    for name in sorted(given | swept):
        if name not in table.parameters:
            yield f"{builtin} has no parameter {name}"
    measured = {m.name for m in tables.metrics_of(table, parameters)}
    for metric in plan.document["analysis"]["metrics"]:
        if metric["name"] not in measured:
            yield f"{builtin} has no metric {metric['name']}"
