"""The baseline's defaults, explicit in the plan for the controls that share parameters."""

from collections.abc import Sequence, Set

from diptych.api.spec import Spec
from diptych.plan.settings import Setting, parameters_of
from diptych_runner.contract import defaults, names, tables


def pins_of(
    spec: Spec, settings: Sequence[Setting], controls: Set[str]
) -> list[dict[str, str]] | None:
    """Return, by setting, values for the parameters that are left to the version.

    None when no control shares parameters, or of a module, whose parameters are its own.
    """
    shares = any(names.PARAMETERS in names.shared_aspects(control) for control in controls)
    if spec.workload.builtin is None or not shares:
        return None
    version = next(v.framework_version for v in spec.versions if v.name == spec.baseline_name)
    interface = tables.workloads()[spec.workload.builtin].interface
    given = parameters_of(spec.workload)
    return [
        defaults.pinned(spec.framework, version, interface, given | setting) for setting in settings
    ]
