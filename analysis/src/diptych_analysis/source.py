"""What is analysed: records, the plan that says what is asked of them, and what was asked late."""

import os
from dataclasses import dataclass, replace

from diptych_analysis.records.plans import read_plan
from diptych_analysis.records.reader import Home, Reader, reader_of, store_of
from diptych_analysis.summary import Origin
from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan
from diptych_runner.stores.location import is_s3


@dataclass(frozen=True)
class Source:
    """A comparison as it is analysed.

    `post_hoc` says in words what was asked otherwise than the plan declared before its trials
    ran; `origins` where the versions come from when they are of several comparisons; `commands`
    are what a person types to have this analysis again. `place` is where the records are: one
    plan may have been run in two places.
    """

    reader: Reader
    plan: Plan
    post_hoc: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
    commands: tuple[str, ...] = ()
    place: str = ""

    @property
    def post_hoc_folder(self) -> str | None:
        """Where results lie beside the declared ones; None of what was declared."""
        if not self.post_hoc:
            return None
        return f"post-hoc-{hashing.sha256_of_json(list(self.post_hoc))[:8]}"


def source_of(reader: Reader) -> Source:
    """Return a comparison as its plan declares it; raise AnalysisError without a valid plan."""
    plan = read_plan(reader)
    return Source(reader, plan, commands=(f"diptych analyze {plan.folder}",))


def source_at(home: Home) -> Source:
    """Return the comparison in a folder or a store; see `source_of`."""
    uri = store_of(home).uri
    place = uri if is_s3(uri) else os.path.realpath(uri)
    return replace(source_of(reader_of(home)), place=place)
