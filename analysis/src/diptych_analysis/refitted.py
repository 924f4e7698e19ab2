"""Unequal data of a fit after the first one: a remark, where those of the first make it Invalid.

They may be computed by what was trained before, as the outputs of a teacher: then they follow from
the difference that is looked for, and are none of their own.
"""

from diptych_analysis import data
from diptych_analysis.divergence import pairs_of
from diptych_analysis.records.table import Table


def refitted_sentence(table: Table, versions: tuple[str, str]) -> str:
    """Return in what the data of a later fit differ in some pair of trials; empty where in none."""
    for control in dict.fromkeys(cell.control for cell in table.plan.cells):
        for left, right in pairs_of(*(table.of(name, (control, 0)) for name in versions)):
            # A trial that diverged may have ended before its second fit.
            if not (left.succeeded and right.succeeded and left.setup and right.setup):
                continue
            where = data.parts_that_differ(*map(data.of_later_fits, (left.setup, right.setup)))
            if where:
                return (
                    f"Under {control} what fit is given after the first time differs{where}: it "
                    "may be computed by what was trained before, as a teacher's outputs are; where "
                    "it is not, it is a cause of its own."
                )
    return ""
