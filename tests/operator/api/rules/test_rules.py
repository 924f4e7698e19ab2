"""What holds for all rules together."""

import pkgutil
from pathlib import Path

from diptych.api import rules

NOT_RULES = {"unique"}


def test_every_rule_is_asked_and_has_a_test_beside_it() -> None:
    found = {module.name for module in pkgutil.iter_modules(rules.__path__)} - NOT_RULES
    assert {rule.__module__.rsplit(".", 1)[1] for rule in rules.RULES} == found
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert found <= tests
