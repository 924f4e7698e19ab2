"""`diptych calibrate`: how often this pipeline cries wolf, on the user's own noise."""

import json as jsons
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from diptych.api.resource import VersionComparison
from diptych.cli.calibrated import calibrated
from diptych.cli.console import complain, messages, results, write
from diptych.cli.exits import Exit
from diptych.cli.files import comparison_of, read_resource
from diptych.cli.reading import Reading
from diptych.cli.results import source_in
from diptych.cli.run import Json, Output, Parallelism, Runtime, Ways, again, run_here
from diptych.cli.stores import store_from
from diptych.cli.verdict import trials_told
from diptych.local import comparison
from diptych_analysis.analyze import calibrate as calibrate_source
from diptych_analysis.errors import AnalysisError
from diptych_analysis.sentences import sentence
from diptych_analysis.source import Source
from diptych_analysis.summary import Summary
from diptych_runner.contract import names
from diptych_runner.stores.errors import StoreError

Target = Annotated[
    str,
    typer.Argument(
        help="A YAML file, whose baseline is then run against itself; or a finished comparison: "
        "its folder or s3://bucket/prefix/name-uid8."
    ),
]
#: Of the comparison of a baseline with itself.
_SUFFIX = "-calibration"
_AGAIN = "-again"


def calibrate(
    target: Target,
    output: Output = None,
    runtime: Runtime = comparison.Runtime.ENVIRONMENT,
    parallelism: Parallelism = None,
    json: Json = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Tell how often equal versions are called Different here, and which difference is caught.

    A finished comparison is not trained again: the seeds of each version are split into two
    halves, which are judged as two versions would be.
    """
    if Path(target).is_file():
        file = Path(target)
        asked = comparison_of(file, against_itself(read_resource(file)))
        ways = Ways(output, runtime, parallelism, again("calibrate", file, output))
        run_here(asked, ways, as_json=json, fail_on=frozenset(), told=of_itself)
    else:
        _print(source_in(store_from(target)), as_json=json)


def against_itself(resource: VersionComparison) -> VersionComparison:
    """Return the comparison of a resource's baseline with itself, to be calibrated.

    It asks the deciding question alone: no sweep and no attribution.
    """
    spec = resource.spec
    baseline = next(v for v in spec.versions if v.name == spec.baseline_name)
    version = baseline.framework_version
    again = baseline.model_copy(
        update={
            "name": baseline.name[: names.LONGEST_VERSION - len(_AGAIN)] + _AGAIN,
            "version": version,
        }
    )
    name = resource.metadata.name[: names.LONGEST_NAME - len(_SUFFIX)].rstrip("-") + _SUFFIX
    return resource.model_copy(
        update={
            "metadata": resource.metadata.model_copy(update={"name": name}),
            "spec": spec.model_copy(
                update={
                    "versions": (baseline, again),
                    "baseline": baseline.name,
                    "sweep": (),
                    "attribution": None,
                    "analysis": spec.analysis.model_copy(update={"calibration": True}),
                }
            ),
        }
    )


def of_itself(summary: Summary) -> RenderableType:
    """Return what a baseline against itself shows: what was asked first, how it was run last."""
    (candidate,) = summary.candidates
    # Two runs of the same bits are one sample: what is said of one is said of the other.
    identical = candidate.verdict == "Identical"
    found = [c for c in summary.calibration if not identical or c.version == summary.baseline]
    parts: list[RenderableType] = [Text(""), *calibrated(found)]
    if not found and candidate.verdict != "Invalid":
        parts += [Text(sentence(_too_few(candidate.metrics[0].control))), Text("")]
    runs = Text("Run twice over the same seeds: ", style="bold")
    runs.append(f"{candidate.verdict}. {candidate.reason}", "not bold")
    return Group(*parts, runs, Text(""), trials_told(summary))


def _too_few(control: str) -> str:
    return (
        f"no version has four seeds that succeeded under {control}, the fewest that can be split "
        "into two halves with a spread; run more seeds"
    )


def _print(source: Source, *, as_json: bool) -> None:
    try:
        with Reading(messages) as reading:
            found = calibrate_source(source, reading.told)
    except (AnalysisError, StoreError) as error:
        complain(str(error))
        raise typer.Exit(Exit.NO_VERDICT) from error
    if not found:
        complain(f"{source.plan.folder}: {_too_few(source.plan.document['analysis']['control'])}")
        raise typer.Exit(Exit.NO_VERDICT)
    if as_json:
        write(
            jsons.dumps([each.model_dump(mode="json", by_alias=True) for each in found], indent=2)
        )
        return
    for part in calibrated(found):
        results.print(part)
