"""Did a control that shares initial weights of the user's own code begin both versions alike?

It replaces what was drawn. What code loads, trains before or makes by itself stays, and may differ.
"""

from diptych_analysis.divergence import pairs_of
from diptych_analysis.records.files import checkpoint_path
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.table import Table
from diptych_runner.contract import names

_MOST = 3


def start_sentence(loader: Loader, table: Table, versions: tuple[str, str]) -> str:
    """Return which weights began otherwise though a control shares them; empty without any.

    Of weights that both versions have: one that another version names otherwise is not told.
    """
    if table.plan.axes["workload"]["module"] is None:
        return ""
    found: dict[str, set[str]] = {}
    for control in dict.fromkeys(cell.control for cell in table.plan.cells):
        for left, right in pairs_of(*(table.of(name, (control, 0)) for name in versions)):
            if _claims(left) and _claims(right):
                found.setdefault(control, set()).update(_unequal(loader, left, right))
    told = [control for control, keys in found.items() if keys]
    if not told:
        return ""
    keys = sorted(set().union(*found.values()))
    more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
    return (
        f"{told[0]} shares initial weights that were drawn, but {', '.join(keys[:_MOST])}{more} "
        "began otherwise in the two versions: what the code loads, trained before or makes by "
        "itself stays, so initial weights may be the cause under every control."
    )


def _claims(record: Committed) -> bool:
    return record.setup is not None and names.INITIAL_WEIGHTS in record.setup.shared


def _unequal(loader: Loader, left: Committed, right: Committed) -> set[str]:
    path = checkpoint_path(0)
    if left.contents.get(path) == right.contents.get(path):
        return set()
    first, second = (loader.entries(record).get(path, {}) for record in (left, right))
    return {
        key.removeprefix(names.WEIGHTS_PREFIX)
        for key in {*first} & {*second}
        if key.startswith(names.WEIGHTS_PREFIX) and first[key]["sha256"] != second[key]["sha256"]
    }
