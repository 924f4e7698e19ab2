"""Whether a trial says that it trained with the plan's parameters and threads.

What a record does not tell of is not held against it: a log of another program that was made into
a record may know of no parameter.
"""

import json
from collections.abc import Iterator

from diptych_analysis.records.outcome import Committed
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan

#: Words for what is wrong, as of the other rules of validity.
RULES = PARAMETERS, THREADS = "Parameters", "Threads"


def against_the_plan(plan: Plan, record: Committed) -> Iterator[tuple[str, str]]:
    """Yield (rule, sentence without a full stop) of what a trial says against its plan."""
    if record.setup is None:
        return
    planned = plan.parameters(record.trial.setting)
    for name, text in record.setup.parameters:
        if name in planned and not _equal(json.loads(text), planned[name]):
            asked = json.dumps(planned[name])
            yield PARAMETERS, f"the plan has {name} {asked} and trials were asked for {text}"
    threads = record.setup.threads
    if threads is not None and not set(threads) <= _allowed(plan, record):
        asked = str(plan.axes["threads"])
        told = " and ".join(str(count) for count in sorted(set(threads)))
        yield THREADS, f"the plan's number of threads is {asked} and trials ran on {told}"


def _allowed(plan: Plan, record: Committed) -> set[int]:
    """Return the threads that a trial may have: the plan's, or one where numerics are shared."""
    one = {1} if names.NUMERICS in plan.shared(record.trial) else set()
    return one | {plan.axes["threads"]}


def _equal(value: object, planned: object) -> bool:
    """Say whether two values are one: decimals may be written as words or as numbers."""
    if value == planned:
        return True
    try:
        return float(str(value)) == float(str(planned))
    except ValueError:
        return False
