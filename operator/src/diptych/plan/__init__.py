"""From a resource to its plan: pure functions, the same in every engine.

This package may import diptych.api and the runner's contract.
"""

from diptych.plan.planner import plan_of

__all__ = ["plan_of"]
