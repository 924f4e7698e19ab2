"""A resource's plan: axes, execution and analysis, and never a list of trials."""

from decimal import ROUND_CEILING, Decimal
from typing import Any

from diptych.api.ladder import aspects_of
from diptych.api.resource import VersionComparison
from diptych.api.spec import Spec
from diptych.api.versions import Version
from diptych.api.workload import Workload
from diptych.plan.cells import cells_of
from diptych.plan.metrics import metrics_of
from diptych.plan.pins import pins_of
from diptych.plan.settings import parameters_of, settings_of
from diptych_runner.contract import hashing, tables
from diptych_runner.contract.plan import Plan, document_of


def plan_of(
    resource: VersionComparison, uid: str | None = None, module_sha256: str | None = None
) -> Plan:
    """Return the plan of a resource that `diptych.api.load` accepts; the same in, the same out.

    `uid` is the resource's in a cluster; left out, it is the SHA-256 of the axes, so that a
    changed comparison has another folder. `module_sha256` is of the user's own code where it is
    known before the trials: changed code is another comparison then.
    """
    spec = resource.spec
    axes = axes_of(spec, module_sha256)
    return Plan(
        document_of(
            comparison={
                "name": resource.metadata.name,
                "uid": uid or hashing.sha256_of_json(axes),
            },
            axes=axes,
            execution={
                "trialsPerPod": spec.trials_per_pod,
                "retriesPerTrial": spec.failure_policy.retries_per_trial,
                **_resources(spec),
            },
            analysis={
                "baseline": spec.baseline_name,
                "control": spec.control,
                "confidence": spec.analysis.confidence,
                "minimumCompletedPercent": spec.failure_policy.minimum_completed_percent,
                "metrics": metrics_of(spec),
                "calibration": spec.analysis.calibration,
            },
        )
    )


def axes_of(spec: Spec, module_sha256: str | None = None) -> dict[str, Any]:
    """Return the axes that the trials follow from, as plan.json has them."""
    settings = settings_of(spec.workload, spec.sweep)
    aspects = aspects_of(spec.workload.builtin, spec.workload.parameters)
    cells = cells_of(spec, aspects, len(settings))
    axes = {
        "framework": spec.framework,
        "versions": [_version(version) for version in spec.versions],
        "workload": _workload(spec.workload, module_sha256),
        "settings": settings,
        "seeds": spec.seeds.resolved,
        "cells": [cell._asdict() for cell in cells],
        "threads": threads_of(spec.resources.cpu),
        "gpus": spec.resources.gpus,
        "accelerator": spec.accelerator,
        "checkpoints": {"everySteps": checkpoint_steps(spec)},
    }
    pins = pins_of(spec, settings, {cell.control for cell in cells})
    return axes if pins is None else {**axes, "pinned": pins}


def _resources(spec: Spec) -> dict[str, Any]:
    """Return what a pod asks for and no axis tells, that it can be asked for again."""
    given = spec.resources.model_dump(
        by_alias=True, exclude_defaults=True, exclude={"gpus", "accelerator"}
    )
    return {"resources": given} if given else {}


def threads_of(cpu: str) -> int:
    """Return the cores of a Kubernetes quantity, rounded up.

    >>> threads_of("500m"), threads_of("4"), threads_of("2.5")
    (1, 4, 3)
    """
    cores = Decimal(cpu[:-1]) / 1000 if cpu.endswith("m") else Decimal(cpu)
    return int(cores.to_integral_value(ROUND_CEILING))


def checkpoint_steps(spec: Spec) -> int | None:
    """Return the steps between checkpoints; None for the first and the last alone."""
    if spec.checkpoints.keep == "Ends":
        return None
    if spec.checkpoints.every_steps is not None or spec.workload.builtin is None:
        return spec.checkpoints.every_steps
    return tables.workloads()[spec.workload.builtin].checkpoint_every_steps


def _version(version: Version) -> dict[str, Any]:
    return {
        "name": version.name,
        "version": version.framework_version,
        "image": version.image,
        "env": [{"name": entry.name, "value": entry.value} for entry in version.env],
    }


def _workload(workload: Workload, module_sha256: str | None) -> dict[str, Any]:
    module = workload.module
    return {
        "builtin": workload.builtin,
        "module": None if module is None else {**module.model_dump(), "sha256": module_sha256},
        "parameters": parameters_of(workload),
        "data": None if workload.data is None else workload.data.model_dump(),
    }
