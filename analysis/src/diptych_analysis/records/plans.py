"""plan.json: the one file without which there is nothing to analyse."""

from collections.abc import Iterator, Sequence
from itertools import chain

from diptych_analysis.errors import AnalysisError, RefusalError
from diptych_analysis.records import documents
from diptych_analysis.records.reader import Reader
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan, PlanError
from diptych_runner.stores.base import Store


class OtherPlanError(AnalysisError):
    """A comparison's place holds a plan that is not this one's."""


def plan_bytes(plan: Plan) -> bytes:
    """Return plan.json as it lies beside its records."""
    return hashing.canonical_json(plan.document) + b"\n"


def keep_plan(store: Store, plan: Plan) -> None:
    """Have plan.json in a comparison's place; raise OtherPlanError when another's lies there.

    Of an equal plan the newer is kept, for its trials are the same. But once a trial is committed
    its judgement stays the one that was declared before: margins chosen with data in sight are
    another thing (`asked.judged_by`).
    """
    present, wanted = store.read(names.PLAN_FILE), plan_bytes(plan)
    if present == wanted:
        return
    if present is not None:
        declared = _same(plan, present, store.uri)
        if _any_committed(store):
            wanted = plan_bytes(_judged_as(declared, plan))
    store.write(names.PLAN_FILE, wanted)


def _any_committed(store: Store) -> bool:
    return any(path.endswith(f"/{names.COMMIT_FILE}") for path in store.walk("trials"))


def _judged_as(declared: Plan, plan: Plan) -> Plan:
    """Return a plan with the judgement of another; a calibration is no judgement."""
    kept, asked = dict(declared.document["analysis"]), plan.document["analysis"]
    kept["calibration"] = asked.get("calibration", False)
    return Plan({**plan.document, "analysis": kept})


def _same(plan: Plan, content: bytes, place: str) -> Plan:
    """Return the plan that lies in a place; raise OtherPlanError when its trials are others."""
    try:
        present = Plan(documents.parse_as("plan", names.PLAN_FILE, content))
    except (RefusalError, PlanError) as error:
        why = error.why if isinstance(error, RefusalError) else error
        raise OtherPlanError(f"{place}/{names.PLAN_FILE}: {why}; remove it") from error
    if (present.sha256, present.uid) != (plan.sha256, plan.uid):
        raise OtherPlanError(
            f"{place} holds another comparison (its plan is {present.sha256[:8]} of uid "
            f"{present.uid[:8]}, this one is {plan.sha256[:8]} of uid {plan.uid[:8]})"
        )
    return present


def read_plan(reader: Reader) -> Plan:
    """Return the comparison's plan, valid by its schema and its own hash; else AnalysisError."""
    if not reader.exists(names.PLAN_FILE):
        raise AnalysisError(
            f"{names.PLAN_FILE}: there is none; give the folder of a comparison, <name>-<uid8>"
        )
    try:
        document = documents.parse_as("plan", names.PLAN_FILE, reader.read(names.PLAN_FILE))
        plan = Plan(document)
    except (RefusalError, PlanError, OSError) as error:
        raise AnalysisError(str(error)) from error
    problem = next(chain(_names_twice(plan), _odd_cells(plan), _odd_questions(plan)), None)
    if problem is not None:
        raise AnalysisError(f"{names.PLAN_FILE}: {problem}")
    return plan


def _names_twice(plan: Plan) -> Iterator[str]:
    named: tuple[tuple[str, Sequence[object]], ...] = (
        ("versions have one name", plan.versions),
        ("metrics have one name", [m["name"] for m in plan.document["analysis"]["metrics"]]),
        ("cells have one control, setting and repeat", [cell[:3] for cell in plan.cells]),
    )
    for what, found in named:
        if len(set(found)) < len(found):
            yield f"two {what}"


def _odd_cells(plan: Plan) -> Iterator[str]:
    for cell in plan.cells:
        if cell.setting >= len(plan.axes["settings"]):
            yield f"a cell is of setting {cell.setting} of {len(plan.axes['settings'])}, from 0"
        if cell.seeds > len(plan.seeds):
            yield f"a cell covers {cell.seeds} seeds of {len(plan.seeds)}"


def _odd_questions(plan: Plan) -> Iterator[str]:
    analysis = plan.document["analysis"]
    for role, known in (
        ("baseline", plan.versions),
        # The verdict is of setting 0, so its control must have run there.
        ("control", [cell.control for cell in plan.cells if cell.setting == 0]),
    ):
        if analysis[role] not in known:
            yield f"{role} {analysis[role]!r} is not in the plan's axes"
    for metric in analysis["metrics"]:
        if metric["margin"] is not None and metric["relativeMargin"] is not None:
            yield f"{metric['name']} has a margin and a relativeMargin; one of them must be null"
