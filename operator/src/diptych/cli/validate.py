"""`diptych validate`: every error of a file at once, and nothing else."""

from diptych.cli.console import results, say
from diptych.cli.files import read_resource
from diptych.cli.run import File
from diptych.local.errors import CodeMissing
from diptych.local.modules import code_beside
from diptych.plan import plan_of
from diptych_analysis.held import unknown_defaults


def validate(file: File) -> None:
    """Check a file: each error with its field, value, bound and fix."""
    resource = read_resource(file)
    plan = plan_of(resource)
    results.print(
        f"{file}: valid; {plan.trial_count} trials of {len(plan.versions)} versions",
        markup=False,
        highlight=False,
    )
    module = resource.spec.workload.module
    try:
        if module is not None:
            code_beside(file, module)
    except CodeMissing as missing:
        # No error: the ConfigMap may come from elsewhere. `run` and `submit` need the files.
        say(f"warning: {missing}, or keep the ConfigMap in the cluster by other means.")
    unknown = unknown_defaults(plan)
    if unknown is not None:
        say(f"warning: {unknown}.")
