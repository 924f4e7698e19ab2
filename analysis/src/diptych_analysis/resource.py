"""The VersionComparison that a plan came from, as YAML: what is needed to run it again.

Rebuilt from plan.json. What does not change a trial or its judgement (storage, template, queue,
parallelism) is in no plan, and so not here.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from diptych_runner.contract import tables
from diptych_runner.contract.plan import Plan

_HEAD = 'apiVersion: "diptych.dev/v1alpha1"\nkind: "VersionComparison"\n'


def resource_of(plan: Plan) -> str:
    """Return YAML whose plan has the same axes: every trial of it has the same name and inputs.

    The control's aspects, and parameters left to a version's default, stay left to it.
    """
    body = _yaml({"metadata": {"name": plan.name}, "spec": _spec(plan)})
    return _HEAD + _where_code_lies(plan.axes["workload"]["module"]) + body


def _where_code_lies(module: Mapping[str, Any] | None) -> str:
    """Return a comment for code that is read from beside the YAML: this YAML lies elsewhere."""
    name = (module or {}).get("configMap", (module or {}).get("config_map"))
    if module is None or name is None:
        return ""
    known = f", of sha256 {module['sha256']}," if module["sha256"] else ""
    return (
        f"# Its code{known}\n"
        f"# is looked for beside this file, in the folder {name} or the entrypoint's own file:\n"
        "# copy it here, or this file to where the code lies.\n"
    )


def _spec(plan: Plan) -> dict[str, Any]:
    axes, analysis = plan.axes, plan.document["analysis"]
    return {
        "framework": axes["framework"],
        "versions": [_version(entry) for entry in axes["versions"]],
        "baseline": analysis["baseline"],
        "workload": _workload(axes["workload"]),
        "seeds": _seeds(plan.seeds),
        "control": analysis["control"],
        **_attribution(plan),
        "noiseFloor": _noise_floor(plan),
        **_sweep(axes["settings"]),
        "resources": {
            "cpu": str(axes["threads"]),
            **plan.document["execution"].get("resources", {}),
            "gpus": axes["gpus"],
            **({"accelerator": axes["accelerator"]} if axes["gpus"] else {}),
        },
        "trialsPerPod": plan.trials_per_pod,
        "checkpoints": _checkpoints(axes["checkpoints"]["everySteps"]),
        "analysis": {
            "confidence": analysis["confidence"],
            "metrics": [_metric(metric, axes) for metric in analysis["metrics"]],
            **({"calibration": True} if analysis.get("calibration") else {}),
        },
        "failurePolicy": {
            "retriesPerTrial": plan.retries_per_trial,
            "minimumCompletedPercent": analysis["minimumCompletedPercent"],
        },
    }


def _version(entry: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in _given(entry).items() if value != []}
    if given["version"] == given["name"]:
        del given["version"]
    return given


def _workload(workload: Mapping[str, Any]) -> dict[str, Any]:
    found = _given(workload)
    found["parameters"] = _given(workload["parameters"])
    if workload["module"] is not None:
        module = workload["module"]
        found["module"] = {
            "configMap": module.get("configMap", module.get("config_map")),
            "entrypoint": module["entrypoint"],
        }
    return found


def _metric(metric: Mapping[str, Any], axes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a metric without what the built-in workload's table says of it anyway."""
    table = tables.workloads().get(axes["workload"]["builtin"] or "")
    parameters = axes["workload"]["parameters"]
    known = {m.name: m for m in tables.metrics_of(table, parameters)} if table else {}
    found = _given(metric)
    if metric["name"] in known:
        for field in ("evaluator", "direction"):
            if metric[field] == getattr(known[metric["name"]], field):
                del found[field]
    return found


def _seeds(seeds: Sequence[int]) -> dict[str, Any]:
    if list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return {"first": seeds[0], "count": len(seeds)}
    return {"values": list(seeds)}


def _attribution(plan: Plan) -> dict[str, Any]:
    control = plan.document["analysis"]["control"]
    rungs = {c.control: c.seeds for c in plan.cells if c.control != control and c.repeat == 0}
    if not rungs:
        return {}
    return {"attribution": {"controls": list(rungs), "seeds": max(rungs.values())}}


def _noise_floor(plan: Plan) -> dict[str, Any]:
    control = plan.document["analysis"]["control"]
    repeated = [c for c in plan.cells if c.control == control and c.setting == 0 and c.repeat]
    if not repeated:
        return {"repeats": 1}
    return {"seeds": repeated[0].seeds, "repeats": max(c.repeat for c in repeated) + 1}


def _sweep(settings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sweep whose product the settings are."""
    values: dict[str, list[Any]] = {}
    for setting in settings[1:]:
        for name, value in setting.items():
            known = values.setdefault(name, [])
            if value not in known:
                known.append(value)
    if not values:
        return {}
    return {"sweep": [{"parameter": name, "values": found} for name, found in values.items()]}


def _checkpoints(every_steps: int | None) -> dict[str, Any]:
    return {"keep": "Ends"} if every_steps is None else {"everySteps": every_steps, "keep": "All"}


def _given(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is given of an entry, its name first."""
    order = sorted(entry.items(), key=lambda item: item[0] != "name")
    return {key: value for key, value in order if value is not None}


def _yaml(value: Mapping[str, Any], indent: str = "") -> str:
    """Return YAML of nested maps; scalars and lists of them as JSON, which YAML 1.2 includes."""
    lines = []
    for key, entry in value.items():
        if isinstance(entry, Mapping) and entry:
            lines.append(f"{indent}{key}:\n{_yaml(entry, indent + '  ')}")
        elif isinstance(entry, list) and entry and isinstance(entry[0], Mapping):
            items = (_yaml(item, indent + "    ") for item in entry)
            lines.append(f"{indent}{key}:\n")
            lines += [f"{indent}  - {item.removeprefix(indent + '    ')}" for item in items]
        else:
            lines.append(f"{indent}{key}: {_json(entry)}\n")
    return "".join(lines)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
