"""`diptych validate`: every error of a file at once, and nothing else."""

from diptych.cli.console import results, say
from diptych.cli.files import read_resource
from diptych.cli.run import File
from diptych.plan import plan_of
from diptych_analysis.held import unknown_defaults


def validate(file: File) -> None:
    """Check a file: each error with its field, value, bound and fix."""
    plan = plan_of(read_resource(file))
    results.print(
        f"{file}: valid; {plan.trial_count} trials of {len(plan.versions)} versions",
        markup=False,
        highlight=False,
    )
    unknown = unknown_defaults(plan)
    if unknown is not None:
        say(f"warning: {unknown}.")
