"""The resource takes the frameworks of the table, and no other."""

from typing import get_args

from diptych.api.spec import Spec
from diptych_runner.contract import frameworks


def test_the_spec_names_the_frameworks_of_the_table() -> None:
    field = Spec.model_fields["framework"]
    assert list(get_args(field.annotation)) == list(frameworks.frameworks())
    assert field.default == frameworks.DEFAULT
