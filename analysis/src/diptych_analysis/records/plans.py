"""plan.json: the one file without which there is nothing to analyse."""

from diptych_analysis.errors import AnalysisError, RefusalError
from diptych_analysis.records import documents
from diptych_analysis.records.reader import Reader
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, PlanError


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
    # The verdict is of setting 0, so its control must have run there.
    controls = [cell.control for cell in plan.cells if cell.setting == 0]
    for role, name, known in (
        ("baseline", document["analysis"]["baseline"], plan.versions),
        ("control", document["analysis"]["control"], controls),
    ):
        if name not in known:
            raise AnalysisError(f"{names.PLAN_FILE}: {role} {name!r} is not in the plan's axes")
    if len(set(plan.versions)) < len(plan.versions):
        raise AnalysisError(f"{names.PLAN_FILE}: two versions have one name")
    return plan
