"""What the report shows, as plain values: the summary, and what its records add to it.

Trials are read one after the other in the plan's order; only their thinned curves and the values
of their environments are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diptych_analysis.errors import AnalysisError
from diptych_analysis.records.reader import Reader
from diptych_analysis.report.environments import Group, Key, Seen, compared
from diptych_analysis.report.paths import Paths, read_paths
from diptych_analysis.report.records import Brief, read_brief, read_environment, read_timing
from diptych_analysis.runnable import ready
from diptych_analysis.source import Source
from diptych_analysis.summary import Summary
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of

#: More trials than this are not all listed: those that did not succeed come first.
MOST_TRIALS = 1000


@dataclass(frozen=True)
class TrialRow:
    """One planned trial; `status` is its outcome, or Missing or Refused."""

    trial: Trial
    status: str
    attempt: str | None
    steps: int | None
    wall_seconds: float | None
    reason: str | None
    traceback: str | None


@dataclass(frozen=True)
class Fact:
    """One thing that every version ran on, needed to have it again; a value for each version."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Everything that is shown; `trials` may be cut, `trials_left_out` says by how many."""

    summary: Summary
    plan: Plan
    trials: tuple[TrialRow, ...]
    trials_left_out: int
    paths: Paths
    environments: tuple[Group, ...]
    facts: tuple[Fact, ...]
    resource: str | None
    commands: tuple[str, ...]

    @property
    def versions(self) -> list[str]:
        """The baseline, then the candidates in the plan's order."""
        return [self.summary.baseline, *(c.version for c in self.summary.candidates)]

    @property
    def workload(self) -> str:
        """What was trained, as the plan names it."""
        workload = self.plan.axes["workload"]
        module = workload["module"] or {"entrypoint": "not told by the plan"}
        return str(workload["builtin"] or module["entrypoint"])

    @property
    def named(self) -> list[str]:
        """The versions, with the framework's version where their name is another."""
        entries = [self.plan.version(name) for name in self.versions]
        return [
            entry["name"]
            if entry["version"] == entry["name"]
            else f"{entry['name']} ({entry['version']})"
            for entry in entries
        ]


def prepare(source: Source, summary: Summary) -> Report:
    """Read what a summary's report shows of the records.

    Raises AnalysisError when the store is not the one that the summary was made from.
    """
    reader, plan = source.reader, source.plan
    if (plan.name, plan.uid) != (summary.comparison.name, summary.comparison.uid):
        raise AnalysisError(
            f"plan.json is of {plan.name}, the summary of {summary.comparison.name}"
        )
    shortfalls = {entry.trial: entry for entry in summary.trials.failed}
    judged: dict[Trial, Brief] = {}
    commits: list[list[str]] = []
    rows: list[TrialRow] = []
    for trial in plan.trials():
        found = shortfalls.get(path_of(trial))
        if found is not None and found.status in ("Missing", "Refused"):
            rows.append(TrialRow(trial, found.status, None, None, None, found.reason, None))
            continue
        brief = read_brief(reader, plan, trial)
        commits.append([path_of(trial), brief.commit_sha256])
        rows.append(_row(brief, read_timing(reader, brief), found.reason if found else None))
        if (trial.control, trial.setting) == (plan.document["analysis"]["control"], 0):
            judged[trial] = brief
    if hashing.sha256_of_json(sorted(commits)) != summary.commits:
        raise AnalysisError(
            "the committed trials are not those of the summary; run the analysis again when "
            "nothing writes to the store"
        )
    versions = [summary.baseline, *(c.version for c in summary.candidates)]
    seen = _environments(reader, judged, versions)
    listed = _listed(rows)
    return Report(
        summary=summary,
        plan=plan,
        trials=listed,
        trials_left_out=len(rows) - len(listed),
        paths=read_paths(reader, judged, versions, summary.baseline),
        environments=compared([seen[version] for version in versions]),
        facts=_facts([seen[version] for version in versions]),
        resource=_resource(source),
        commands=source.commands,
    )


def _resource(source: Source) -> str | None:
    """Return the comparison as YAML: as a cluster's was applied, else rebuilt from the plan.

    None where Diptych cannot run that.
    """
    declared = not source.post_hoc and not source.origins
    if declared and source.reader.exists(names.RESOURCE_FILE):
        return source.reader.read(names.RESOURCE_FILE).decode("utf-8", errors="replace")
    return ready(source.plan)


def _row(brief: Brief, timing: Mapping[str, Any] | None, reason: str | None) -> TrialRow:
    return TrialRow(
        trial=brief.trial,
        status=brief.outcome,
        attempt=brief.attempt,
        steps=brief.steps,
        wall_seconds=None if timing is None else timing["wallSeconds"],
        reason=reason,
        traceback=(brief.error or {}).get("traceback") or None,
    )


def _environments(
    reader: Reader, judged: Mapping[Trial, Brief], versions: Sequence[str]
) -> dict[str, Seen]:
    """Return what the trials of the verdict's control and setting 0 ran in, by version."""
    seen = {version: Seen() for version in versions}
    for trial, brief in judged.items():
        document = read_environment(reader, brief)
        if document is not None:
            seen[trial.version].add(document)
    return seen


#: Leaves of environment.json that identify what ran, and what the report calls them.
_IDENTITY: tuple[tuple[Key, str], ...] = (
    (("framework", "version"), "framework"),
    (("trial", "python"), "Python"),
    (("trial", "numpy"), "NumPy"),
    (("trial", "image"), "image"),
    (("packages", "sha256"), "installed packages, sha256"),
    (("code", "runnerSha256"), "runner, sha256"),
    (("code", "user"), "user’s code, sha256"),
    (("data", "source"), "data"),
    (("data", "trainSha256"), "training set, sha256"),
    (("data", "testSha256"), "test set, sha256"),
)


def _facts(versions: Sequence[Seen]) -> tuple[Fact, ...]:
    """Return what identifies each version's trials, without what none of them has."""
    facts = []
    for key, name in _IDENTITY:
        values = [" | ".join(sorted(map(str, seen.leaves.get(key, ())))) for seen in versions]
        if any(value not in ("", "none") for value in values):
            facts.append(Fact(name, tuple(values)))
    return tuple(facts)


def _listed(rows: Sequence[TrialRow]) -> tuple[TrialRow, ...]:
    """Return all rows, or of too many first those that did not succeed."""
    if len(rows) <= MOST_TRIALS:
        return tuple(rows)
    return tuple(sorted(rows, key=lambda row: row.status == "Succeeded")[:MOST_TRIALS])
