"""How many seeds a comparison has, and why: decided by a pilot on other seeds, before it ran.

A size that is chosen after a look at the verdict raises false alarms (docs/calibration.md), so a
comparison never uses a seed of its pilot, and the pilot's verdict is not shown anywhere.
"""

import math

from tools.findings.runs import YAMLS, Run

#: Seeds that a comparison has over those that its pilot asks for: a pilot's noise is an estimate.
ROOM = 2
FEWEST = 10
SUFFIX = "-pilot"
RULE = (
    "The number of seeds is decided before a comparison runs, by a pilot on seeds that the "
    "comparison does not use: twice as many as the pilot's own noise asks for (`seedsEstimated`: "
    "80 % power to show equivalence where nothing differs), and never fewer than ten. The pilot's "
    "verdict plays no part."
)


def pilot_of(name: str) -> str | None:
    """Return the name of a comparison's pilot; None when it has none."""
    pilot = name + SUFFIX
    return pilot if (YAMLS / f"{pilot}.yaml").exists() else None


def wanted(needed: int) -> int:
    """Return how many seeds the rule gives for what a pilot asks for.

    >>> wanted(4), wanted(13)
    (10, 26)
    """
    return max(FEWEST, math.ceil(ROOM * needed))


def asked_by(pilot: Run) -> int | None:
    """Return the seeds that a pilot asks for, so that every primary metric could be Equivalent."""
    needed = [metric.seeds_estimated for metric in pilot.candidate.metrics if metric.primary]
    known = [each for each in needed if each is not None]
    return max(known) if known and len(known) == len(needed) else None


def told(run: Run, pilot: Run) -> str:
    """Return why a comparison has as many seeds as it has."""
    link = f"[pilot](../manifests/findings/{pilot.name}.yaml)"
    lead = f"**Seeds.** {run.seeds}; a {link} on {pilot.seeds} others"
    needed = asked_by(pilot)
    if needed is None:
        return f"{lead} found no noise to ask for a number by."
    by_rule = wanted(needed)
    asked = f"{lead} asks for {needed}, so the rule above gives {by_rule}"
    if run.seeds >= by_rule:
        return f"{asked}."
    return f"{asked}; fewer were taken, with less power to settle the question."
