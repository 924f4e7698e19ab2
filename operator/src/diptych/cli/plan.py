"""`diptych plan`: which trials a file would run, in their order."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from diptych.cli.console import results, write
from diptych.cli.files import read_comparison
from diptych.cli.run import File
from diptych_runner.contract.hashing import canonical_json
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import trial_as_json


class Format(StrEnum):
    """How the plan is printed."""

    TABLE = "table"
    JSON = "json"


AsFormat = Annotated[
    Format,
    typer.Option("--format", "-o", help="A table for people, or plan.json with its trials."),
]


def plan(file: File, output_format: AsFormat = Format.TABLE) -> None:
    """Print the trials of a comparison without running any."""
    made = read_comparison(file).plan
    if output_format is Format.JSON:
        listed = [dict(trial_as_json(trial), index=made.index(trial)) for trial in made.trials()]
        write(canonical_json(dict(made.document, trials=listed)).decode("utf-8"))
        return
    results.print(_table(made))
    results.print(
        f"{made.trial_count} trials, {made.blocks_per_version} blocks of at most "
        f"{made.trials_per_pod} for each of {len(made.versions)} versions; "
        f"results in {made.folder}",
        markup=False,
        highlight=False,
    )


def _table(made: Plan) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("index", justify="right")
    table.add_column("version")
    table.add_column("control")
    for column in ("setting", "seed", "repeat"):
        table.add_column(column, justify="right")
    for index, trial in enumerate(made.trials()):
        setting, seed, repeat = str(trial.setting), str(trial.seed), str(trial.repeat)
        table.add_row(str(index), trial.version, trial.control, setting, seed, repeat)
    return table
