"""`diptych environments`: which framework versions run here, and whether each really trains."""

import tempfile
from typing import Annotated, Any

import typer

from diptych.api.load import load_mapping
from diptych.cli.console import complain, messages, results, say
from diptych.cli.exits import Exit
from diptych.cli.workloads import plain_table
from diptych.local import comparison
from diptych.local.cache import cache_root
from diptych.local.environments import Wanted
from diptych.local.environments import prepare as prepared
from diptych.local.errors import LocalError
from diptych.local.places import place_of
from diptych.local.progress import display
from diptych.plan import plan_of
from diptych_runner.contract import frameworks, names, tables
from diptych_runner.contract.plan import Plan

Version = Annotated[
    str | None, typer.Argument(help="List the packages of this version's environment instead.")
]
Framework = Annotated[str | None, typer.Option("--framework", help="Those of one framework alone.")]
Prepare = Annotated[
    bool, typer.Option("--prepare", help="Install each, and train three steps in it.")
]

#: What every version of the table can train.
_TRIED = "adam-quadratic"
#: A comparison has at most so many versions.
_AT_ONCE = 16


def environments(
    version: Version = None,
    prepare: Prepare = False,  # noqa: FBT002 - a flag of the command line
    framework: Framework = None,
) -> None:
    """List the framework versions that run here, with their Python; or the packages of one."""
    known = list(frameworks.frameworks())
    if framework is not None and framework not in known:
        raise typer.BadParameter(
            f"{framework!r} is none of {', '.join(known)}", param_hint="--framework"
        )
    rows = tables.environments(framework)
    if version is not None:
        _list_packages(version, rows)
        return
    table = plain_table("framework", "version", "Python", "packages")
    for row in rows:
        table.add_row(row.framework, row.version, row.python, str(len(row.pins) + 1))
    results.print(table)
    if not prepare:
        return
    installed = [row for row in rows if _is_prepared(row)]
    trained = sum(
        len(_trained(name, [row.version for row in installed if row.framework == name]))
        for name in known
    )
    results.print(f"{trained} of {len(rows)} environments install and train", highlight=False)
    if trained < len(rows):
        raise typer.Exit(Exit.NO_VERDICT)


def _list_packages(version: str, rows: list[tables.Environment]) -> None:
    row = next((row for row in rows if row.version == version), None)
    if row is None:
        raise typer.BadParameter(
            f"{version!r} is none of {', '.join(row.version for row in rows)}", param_hint="VERSION"
        )
    for requirement in sorted([row.cpu, *row.pins], key=str.lower):
        results.print(requirement, markup=False, highlight=False)


def _is_prepared(row: tables.Environment) -> bool:
    """Install one environment; say why it cannot be, so that the rest goes on."""
    try:
        python = prepared(Wanted(row, gpu=False), cache_root(), say)
    except LocalError as error:
        complain(str(error))
        return False
    say(f"{row.framework} {row.version}: {python}")
    return True


def _trained(framework: str, versions: list[str]) -> frozenset[str]:
    """Return the versions that train three steps; a comparison of all of them tries it."""
    if len(versions) < 2:
        return frozenset()
    rest = versions[_AT_ONCE:]
    trained = _trained(framework, rest) if len(versions) > _AT_ONCE + 1 else frozenset()
    loaded = load_mapping(_three_steps(framework, versions[:_AT_ONCE]), "the trial of environments")
    if loaded.resource is None:
        raise LocalError("\n".join(map(str, loaded.problems)))
    plan = plan_of(loaded.resource)
    with tempfile.TemporaryDirectory() as folder:
        return trained | _succeeded(plan, folder)


def _succeeded(plan: Plan, folder: str) -> frozenset[str]:
    options = comparison.Options(
        place=place_of(plan, folder, None),
        runtime=comparison.Runtime.ENVIRONMENT,
        parallelism=len(plan.versions),
        deadline_seconds=None,
    )
    launch = comparison.prepare(plan, options, say)
    with display(messages, plan.versions, plan.trial_count) as shown:
        comparison.train(plan, launch, options, shown)
    ended = comparison.outcomes(plan, options.place.store)
    return frozenset(
        trial.version for trial, outcome in ended.items() if outcome == names.SUCCEEDED
    )


def _three_steps(framework: str, versions: list[str]) -> dict[str, Any]:
    return {
        "apiVersion": "diptych.dev/v1alpha1",
        "kind": "VersionComparison",
        "metadata": {"name": "environments"},
        "spec": {
            "framework": framework,
            "versions": [{"name": version} for version in versions],
            "workload": {"builtin": _TRIED, "parameters": {"steps": 3}},
            "seeds": {"values": [1]},
            "noiseFloor": {"seeds": 1, "repeats": 1},
        },
    }
