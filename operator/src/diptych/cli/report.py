"""`diptych report`: of records once more, or the one that a cluster's comparison has."""

import os
import re
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from diptych.api.base import DNS_LABEL_PATTERN
from diptych.cli.console import complain, say
from diptych.cli.exits import Exit
from diptych.cli.results import analyzed, report_and_say, source_in
from diptych.cli.stores import store_from
from diptych.cli.submit import Context, Namespace
from diptych.cluster.client import Cluster
from diptych.cluster.documents import Published, published
from diptych.cluster.errors import ClusterError
from diptych.local.places import s3_variables
from diptych_runner.contract import hashing
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.location import is_s3, store_at
from diptych_runner.stores.settings import from_environment

What = Annotated[
    str,
    typer.Argument(
        metavar="FOLDER|NAME",
        help="A comparison's folder or s3://bucket/prefix/name-uid8, with plan.json; or the name "
        "of a comparison in a cluster.",
    ),
]
_INSIDE = (
    "a store inside of the cluster is reached by kubectl port-forward and DIPTYCH_S3_ENDPOINT "
    "(docs/kubernetes.md)"
)

Open = Annotated[bool, typer.Option("--open", help="Show report.html in the browser.")]
Output = Annotated[
    Path | None,
    typer.Option(help="File for a cluster's report; by default NAME-report.html in this folder."),
]


def report(
    what: What,
    namespace: Namespace = None,
    context: Context = None,
    output: Output = None,
    open_it: Open = False,  # noqa: FBT002 - a flag
) -> None:
    """Write report.html and summary.md of records again, or fetch a cluster's report."""
    if namespace or context or output or _is_a_name(what):
        page = fetched(what, namespace, context, output)
    else:
        page = written_again(what)
    if open_it:
        webbrowser.open(page if is_s3(page) else Path(page).absolute().as_uri())


def written_again(folder: str) -> str:
    """Analyse records again, write the report beside them and return its address."""
    store = store_from(folder)
    source = source_in(store)
    return report_and_say(source, store, analyzed(source, store))


def fetched(name: str, namespace: str | None, context: str | None, output: Path | None) -> str:
    """Fetch the report of a cluster's comparison, say its verdict, and return the file's path.

    What does not have the hash of the comparison's status is refused: somebody changed it since.
    """
    target = output or Path(f"{name}-report.html")
    try:
        found = published(Cluster(context, namespace).comparison(name))
        target.write_bytes(_verified(found))
    except (ClusterError, StoreError, OSError) as error:
        complain(str(error))
        raise typer.Exit(Exit.NO_VERDICT) from error
    say(found.verdict)
    say(f"Report: {target}")
    return str(target)


def _verified(found: Published) -> bytes:
    folder, _, file = found.uri.rpartition("/")
    variables = {**os.environ, **s3_variables(found.storage, os.environ)}
    try:
        content = store_at(folder, variables).read(file)
    except StoreError as error:
        if from_environment(variables).endpoint is not None:
            raise
        raise StoreError(f"{error}; {_INSIDE}") from error
    if content is None:
        raise StoreError(f"{found.uri}: it is not there any more")
    if found.sha256 is not None and hashing.sha256_of_bytes(content) != found.sha256:
        raise StoreError(
            f"{found.uri}: it is not the file that the cluster's status vouches for; "
            f"`diptych report {folder}` makes it again from the records"
        )
    return content


def _is_a_name(what: str) -> bool:
    """Say whether this can only be a comparison in a cluster: a folder here comes first."""
    return bool(re.match(DNS_LABEL_PATTERN, what)) and not Path(what).exists()
