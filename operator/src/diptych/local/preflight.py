"""What must hold before anything is installed or started."""

from collections.abc import Mapping
from pathlib import Path

from diptych.api.rules.framework_versions import nearest_version
from diptych.local.environments import Wanted
from diptych.local.errors import PreflightFailed
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.tables import Environment, environments
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError


def wanted_environments(plan: Plan) -> dict[str, Wanted]:
    """Return the environment of each of the plan's versions, by the version's name.

    Raises PreflightFailed naming every version that the table does not have.
    """
    framework = plan.axes["framework"]
    rows = {row.version: row for row in environments(framework)}
    unknown = [entry for entry in plan.axes["versions"] if entry["version"] not in rows]
    if unknown:
        raise PreflightFailed("\n".join(_unknown(framework, entry, rows) for entry in unknown))
    # The wheel for GPUs does not even import on a machine without their driver.
    gpu = plan.axes["gpus"] > 0 and gpus_here() > 0
    return {
        entry["name"]: Wanted(rows[entry["version"]], gpu=gpu) for entry in plan.axes["versions"]
    }


def check_module(plan: Plan) -> None:
    """Raise PreflightFailed for code in an image: environments of this machine have no image."""
    module = plan.axes["workload"]["module"]
    if module is not None and module["configMap"] is None:
        raise PreflightFailed(
            "spec.workload.module.configMap: it is left out, so the code is in the image; name a "
            "folder beside the YAML, or run the images with --runtime container"
        )


def check_gpus(plan: Plan, gpus_here: int) -> None:
    """Raise PreflightFailed when a GPU is required and this machine shows none."""
    asked = plan.axes["gpus"]
    if plan.axes["accelerator"] == "Required" and gpus_here < asked:
        raise PreflightFailed(
            f"spec.resources.gpus: {asked} asked for, but this machine shows {gpus_here} NVIDIA "
            "GPUs; set spec.resources.accelerator to Optional to run on the CPU, or gpus to 0"
        )


def gpus_here() -> int:
    """Return how many NVIDIA GPUs the kernel's driver shows."""
    folder = Path("/proc/driver/nvidia/gpus")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def check_store(store: Store) -> list[str]:
    """Try the store's operations; return warnings, raise PreflightFailed when one fails."""
    try:
        return store.check()
    except StoreError as error:
        raise PreflightFailed(f"{error}; or choose another with --output") from error


def _unknown(framework: str, entry: Mapping[str, str], rows: Mapping[str, Environment]) -> str:
    near = nearest_version(entry["version"], list(rows))
    hint = f"; the nearest is {near}" if near else ""
    return (
        f"spec.versions: {framework} {entry['version']} has no environment on this machine{hint}. "
        f"Known: {', '.join(rows)}"
    )
