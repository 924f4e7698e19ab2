"""The analysis as a Job's pod runs it: plan.json into the store, the verdict, its digest.

Doing it again does the same: every file is written whole, and equal records give equal files.
Exit codes are the runner's (docs/record-format.md); with another one than 0 there is no digest,
and the last lines on standard error say why.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from diptych_analysis.analyze import analyze_folder
from diptych_analysis.digest import digest_of
from diptych_analysis.errors import AnalysisError
from diptych_analysis.records.plans import OtherPlanError, keep_plan
from diptych_analysis.report import REPORT_FILE, write_report
from diptych_analysis.writer import write_summary, write_text
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan, PlanError
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.location import store_at

#: Kubernetes' own default for a container's termination message.
TERMINATION_LOG = "/dev/termination-log"
#: The store changed meanwhile, or a file of this container cannot be used.
EXIT_FAILED = 1


def main(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ
) -> int:
    """Analyse the plan's comparison and return the exit code."""
    options = _parser(environment).parse_args(arguments)
    try:
        digest = run(options.plan, options.resource, options.store)
        Path(options.termination_log).write_bytes(digest)
    except (OtherPlanError, PlanError) as error:
        _complain(error)
        return names.EXIT_IMPOSSIBLE
    except StoreError as error:
        _complain(error)
        return names.EXIT_UNREACHABLE
    except (AnalysisError, OSError) as error:
        _complain(error)
        return EXIT_FAILED
    return names.EXIT_COMMITTED


def run(plan_file: Path, resource_file: Path | None, address: str) -> bytes:
    """Write everything into the comparison's place and return the digest of it."""
    plan = Plan.from_text(plan_file.read_text(encoding="utf-8", errors="replace"))
    resource = None if resource_file is None else resource_file.read_text(encoding="utf-8")
    store = store_at(address).below(plan.folder)
    _say(f"{plan.name}: {plan.trial_count} trials in {store.uri}")
    keep_plan(store, plan)
    if resource is not None:
        write_text(store, names.RESOURCE_FILE, resource)
    summary = analyze_folder(store, Progress().told)
    write_summary(store, summary)
    page = write_report(store, summary)
    _say(f"{summary.verdict}: {summary.reason}")
    _say(f"Report: {page}")
    return digest_of(
        summary,
        _sha256_in(store, names.SUMMARY_FILE),
        {"uri": page, "sha256": _sha256_in(store, REPORT_FILE)},
    )


class Progress:
    """Prints how many trials are read: at most ten lines over all, whatever their number."""

    def __init__(self) -> None:
        """Have nothing told yet."""
        self._tenths = 0

    def told(self, done: int, total: int) -> None:
        """Print a line when another tenth is read."""
        tenths = 10 * done // total
        if tenths > self._tenths:
            self._tenths = tenths
            _say(f"read {done} of {total} trials")


def _sha256_in(store: Store, path: str) -> str:
    """Return the hash of what really lies in the store: that is what a reader will get."""
    content = store.read(path)
    if content is None:
        raise StoreError(f"{store.uri}/{path}: it was written, and is not there")
    return hashing.sha256_of_bytes(content)


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m diptych_analysis",
        description="Analyse a comparison's committed records, write its report and its digest.",
    )
    for name, variable, kind, what in (
        ("plan", "DIPTYCH_PLAN", Path, "plan.json"),
        ("store", "DIPTYCH_STORE", str, "folder or s3://bucket/prefix of the comparison's folder"),
    ):
        parser.add_argument(
            f"--{name}",
            type=kind,
            default=environment.get(variable),
            required=variable not in environment,
            help=f"{what} (or {variable})",
        )
    parser.add_argument(
        "--resource", type=Path, help="the VersionComparison as YAML, for its report"
    )
    parser.add_argument(
        "--termination-log",
        default=environment.get("DIPTYCH_TERMINATION_LOG", TERMINATION_LOG),
        help="file that the digest goes to (or DIPTYCH_TERMINATION_LOG)",
    )
    return parser


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


def _complain(error: Exception) -> None:
    sys.stderr.write(f"{error}\n")
