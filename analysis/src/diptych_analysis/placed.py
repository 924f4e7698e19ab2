"""Where in a training two versions part: in one step, at a later one, or before the first.

All of it under the strictest control, where the least else differs.
"""

from dataclasses import dataclass

from diptych_analysis import probe
from diptych_analysis.divergence import pairs_of
from diptych_analysis.fed import fed_told
from diptych_analysis.later import later_told
from diptych_analysis.rates import rates_told
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.table import Table
from diptych_analysis.summary import Probe


@dataclass(frozen=True)
class Placed:
    """What the probe says, and all that there is to say as sentences."""

    probe: Probe | None = None
    text: str = ""

    @property
    def in_one_step(self) -> bool:
        """Whether one step from equal state differs by more than rounding."""
        return self.probe is not None and bool(self.probe.places)


def placed_of(loader: Loader, table: Table, names: tuple[str, str], control: str) -> Placed:
    """Return where baseline and candidate, `names`, part; `control` is the strictest run."""
    found = probe.probe_of(loader, table, *names)
    pairs = pairs_of(*(table.of(name, (control, 0)) for name in names))
    told = [fed_told(table.plan, control, pairs)]
    if table.plan.axes["workload"]["module"] is not None:
        told.append(rates_told(loader, control, pairs))
    if found is not None:
        told.append(probe.sentence(found))
        if found.control == control and not found.places:
            of_loss = [p.tolerance for p in found.phases if p.phase == "loss"]
            told.append(later_told(loader, control, pairs, max(of_loss, default=0.0)))
    return Placed(found, " ".join(part for part in told if part))
