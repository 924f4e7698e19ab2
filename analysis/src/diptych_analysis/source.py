"""What is analysed: records, the plan that says what is asked of them, and what was asked late."""

from dataclasses import dataclass

from diptych_analysis.records.plans import read_plan
from diptych_analysis.records.reader import Home, Reader, reader_of
from diptych_analysis.summary import Origin
from diptych_runner.contract.plan import Plan


@dataclass(frozen=True)
class Source:
    """A comparison as it is analysed.

    `post_hoc` says in words what was asked otherwise than the plan declared before its trials
    ran; `origins` where the versions come from when they are of several comparisons; `commands`
    are what a person types to have this analysis again.
    """

    reader: Reader
    plan: Plan
    post_hoc: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
    commands: tuple[str, ...] = ()


def source_of(reader: Reader) -> Source:
    """Return a comparison as its plan declares it; raise AnalysisError without a valid plan."""
    plan = read_plan(reader)
    return Source(reader, plan, commands=(f"diptych analyze {plan.folder}",))


def source_at(home: Home) -> Source:
    """Return the comparison in a folder or a store; see `source_of`."""
    return source_of(reader_of(home))
