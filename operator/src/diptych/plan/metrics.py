"""Which metrics the analysis judges, and by which margins."""

from typing import Any

from diptych.api.analysis import AnalysisMetric
from diptych.api.spec import Spec
from diptych.plan.settings import parameters_of
from diptych_runner.contract import tables

Row = dict[str, Any]


def metrics_of(spec: Spec) -> list[Row]:
    """Return the plan's metrics: those the spec names, else all of the workload's.

    The first is primary when none says so.
    """
    known = {metric.name: metric for metric in _table_metrics(spec)}
    asked = spec.analysis.metrics or tuple(AnalysisMetric(name=name) for name in known)
    rows = [_row(metric, known.get(metric.name)) for metric in asked]
    if not any(row["primary"] for row in rows):
        rows[0]["primary"] = True
    return rows


def _row(asked: AnalysisMetric, known: tables.Metric | None) -> Row:
    """Return a metric of the plan: what the spec says, else what the table says."""
    margin, relative = asked.margin, asked.relative_margin
    if margin is None and relative is None and known is not None:
        margin, relative = known.margin, known.relative_margin
    return {
        "name": asked.name,
        "evaluator": asked.evaluator or (known.evaluator if known else None),
        "direction": asked.direction or (known.direction if known else None),
        "primary": asked.primary,
        "test": asked.test,
        "margin": margin,
        "relativeMargin": relative,
    }


def _table_metrics(spec: Spec) -> list[tables.Metric]:
    if spec.workload.builtin is None:
        return []
    workload = tables.workloads()[spec.workload.builtin]
    return tables.metrics_of(workload, parameters_of(spec.workload))
