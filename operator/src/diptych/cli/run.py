"""`diptych run`: plan, prepare, train what is missing, analyse."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from diptych.cli.console import complain, messages, say
from diptych.cli.exits import Exit
from diptych.cli.files import Comparison, read_comparison
from diptych.cli.results import fail_on_verdicts, finish, home_of, source_in
from diptych.cli.verdict import rendered
from diptych.local import comparison
from diptych.local.engine import DeadlineExceeded, Interrupted
from diptych.local.errors import LocalError
from diptych.local.places import DEFAULT_OUTPUT, place_of
from diptych.local.processes import Launch
from diptych.local.progress import display
from diptych_analysis.asked import judged_by
from diptych_analysis.source import Source
from diptych_analysis.summary import Summary
from diptych_runner.contract.plan import Plan
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError

File = Annotated[Path, typer.Argument(help="A YAML file with a VersionComparison.")]
Output = Annotated[
    str | None,
    typer.Option(
        help="Folder or s3://bucket/prefix that comparisons are kept in; by default the spec's "
        f"storage.uri, else {DEFAULT_OUTPUT}."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print summary.json instead of tables.")]
FailOn = Annotated[
    str | None,
    typer.Option(help="Exit with 1 for these verdicts, for CI: Different,Inconclusive"),
]
Parallelism = Annotated[
    int | None, typer.Option(min=1, help="Blocks of trials at once, instead of the spec's.")
]

Runtime = Annotated[
    comparison.Runtime,
    typer.Option(help="Environments made by uv, or images with Docker or Podman."),
]
RetryFailed = Annotated[
    bool,
    typer.Option(
        "--retry-failed",
        help="Train trials that are committed as Failed again, when what made them fail is gone.",
    ),
]


def run(  # noqa: PLR0913, PLR0917 - one argument an option of the command line
    file: File,
    output: Output = None,
    runtime: Runtime = comparison.Runtime.ENVIRONMENT,
    parallelism: Parallelism = None,
    retry_failed: RetryFailed = False,  # noqa: FBT002 - a flag of the command line
    json: Json = False,  # noqa: FBT002 - a flag of the command line
    fail_on: FailOn = None,
) -> None:
    """Run a comparison on this machine and print its verdict.

    Trials that are committed already are not run again: after Ctrl-C, the same command goes on.
    """
    command = again("run", file, output)
    ways = Ways(output, runtime, parallelism, command, retry_failed=retry_failed)
    verdicts = fail_on_verdicts(fail_on)
    run_here(read_comparison(file), ways, as_json=json, fail_on=verdicts)


@dataclass(frozen=True)
class Ways:
    """How the user wants a comparison to be run."""

    output: str | None
    runtime: comparison.Runtime
    parallelism: int | None
    #: What a person types to have this again.
    command: str
    retry_failed: bool = False


def again(command: str, file: Path, output: str | None) -> str:
    """Return what a person types to have a file's verdict again.

    >>> again("run", Path("a b.yaml"), "s3://b/x")
    "diptych run 'a b.yaml' --output s3://b/x"
    """
    there = [] if output is None else ["--output", output]
    return shlex.join(["diptych", command, str(file), *there])


def run_here(
    asked: Comparison,
    ways: Ways,
    *,
    as_json: bool,
    fail_on: frozenset[str],
    told: Callable[[Summary], RenderableType] = rendered,
) -> None:
    """Run a comparison on this machine, print what came out, and exit as the verdict asks."""
    resource, plan = asked.resource, asked.plan
    if resource.spec.suspend:
        complain("spec.suspend is true: nothing was started; set it to false to run")
        raise typer.Exit(Exit.BAD_INPUT)
    try:
        place = place_of(plan, ways.output, resource.spec.storage)
        options = comparison.Options(
            place=place,
            runtime=ways.runtime,
            parallelism=ways.parallelism or resource.spec.pods_at_once,
            deadline_seconds=resource.spec.active_deadline_seconds,
            code=asked.code,
        )
        for warning in comparison.check(plan, options):
            say(f"warning: {warning}")
        with comparison.held(place, say):
            if ways.retry_failed:
                say(f"{comparison.forget_failed(plan, place.store)} failed trials to train again")
            comparison.write_plan(plan, place.store)
            source = _judged_as_asked(asked, ways.command, place.store)
            if len(comparison.committed_trials(plan, place.store)) < plan.trial_count:
                _train(plan, comparison.prepare(plan, options, say), options)
            else:
                say(f"{plan.name}: all {plan.trial_count} trials were committed before")
            home = home_of(place.store, None, source.post_hoc_folder)
            finish(source, home, as_json=as_json, fail_on=fail_on, told=told)
    except (LocalError, StoreError) as error:
        complain(str(error))
        raise typer.Exit(Exit.NO_VERDICT) from error
    except KeyboardInterrupt:
        complain("interrupted; run the same command again to go on")
        raise typer.Exit(Exit.INTERRUPTED) from None


def _judged_as_asked(asked: Comparison, command: str, store: Store) -> Source:
    """Return the comparison in a store as the file asks; say so when that was decided late."""
    judged = judged_by(source_in(store), asked.plan.document["analysis"], (command,))
    if judged.post_hoc:
        say(
            "warning: trials are committed that were to be judged otherwise: "
            f"{'; '.join(judged.post_hoc)}. This verdict is post hoc and goes to "
            f"{store.uri}/{judged.post_hoc_folder}; plan.json keeps what was declared first"
        )
    return judged


def _train(plan: Plan, launch: Launch, options: comparison.Options) -> None:
    store = options.place.store
    before = len(comparison.committed_trials(plan, store))
    say(
        f"{plan.name}: {plan.trial_count} trials of {len(plan.versions)} versions"
        + (f", {before} of them committed before" if before else "")
    )
    shown = display(messages, plan.versions, plan.trial_count)
    try:
        with shown:
            comparison.train(plan, launch, options, shown)
    except Interrupted:
        complain(f"interrupted{_how_far(plan, store)}; run the same command again to go on")
        raise typer.Exit(Exit.INTERRUPTED) from None
    except DeadlineExceeded:
        say(
            f"spec.activeDeadlineSeconds ({options.deadline_seconds} s) passed: "
            "what is committed is analysed"
        )


def _how_far(plan: Plan, store: Store) -> str:
    try:
        done = len(comparison.committed_trials(plan, store))
    except StoreError:
        # Why somebody interrupts, perhaps: it must not turn into another kind of end.
        return ""
    return f" with {done} of {plan.trial_count} trials committed"
