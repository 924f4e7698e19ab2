import re

import pytest

from diptych_runner.contract import names, tables


def parameter(kind, minimum=None, maximum=None, choices=None):
    return tables.Parameter("p", kind, None, minimum, maximum, choices, "")


NUMBER = parameter("number", "0", "10")
INTEGER = parameter("integer", 1, 100)


@pytest.mark.parametrize(
    "value, plain",
    [("0.10", "0.1"), ("1e-1", "0.1"), (3, "3"), ("10", "10"), ("-0", "0"), ("0", "0")],
)
def test_equal_numbers_have_one_spelling(value, plain):
    assert tables.parse_parameter(NUMBER, value) == plain


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "ten", "-0.1", "10.1", True, None, 0.5, [], "1_0", "\u0663", "1e-999999"],
)
def test_a_number_outside_its_bounds_is_refused_with_them(value):
    with pytest.raises(tables.ParameterError) as caught:
        tables.parse_parameter(NUMBER, value)
    assert "from 0 to 10" in caught.value.bound


@pytest.mark.parametrize("value, whole", [(1, 1), ("100", 100)])
def test_integers_travel_as_integers(value, whole):
    assert tables.parse_parameter(INTEGER, value) == whole


@pytest.mark.parametrize("value", [0, 101, "1.5", True, None, "x", "\u00b2", "9" * 5000])
def test_other_integers_are_refused(value):
    with pytest.raises(tables.ParameterError):
        tables.parse_parameter(INTEGER, value)


def test_a_choice_names_its_choices():
    choice = parameter("choice", choices=["adam", "sgd"])
    assert tables.parse_parameter(choice, "sgd") == "sgd"
    with pytest.raises(tables.ParameterError) as caught:
        tables.parse_parameter(choice, "adma")
    assert caught.value.bound == "one of adam, sgd"


def test_every_row_pins_every_package_exactly_once():
    for row in tables.environments():
        requirements = [row.cpu, row.gpu] + row.pins
        assert all(re.match(r"\A[A-Za-z0-9._-]+==[^=]+\Z", each) for each in requirements)
        pinned = [each.split("==")[0].lower() for each in row.pins]
        assert len(set(pinned)) == len(pinned)
        assert row.cpu.endswith("==" + row.version)
        assert any(each.startswith("numpy==") for each in row.pins)


def test_defaults_of_every_workload_are_allowed_values():
    for workload in tables.workloads().values():
        assert set(workload.aspects) <= set(names.ASPECTS)
        assert set(workload.aspects) <= set(names.ASPECTS)
        assert workload.metrics
        for each in workload.parameters.values():
            if each.default is not None:
                assert tables.parse_parameter(each, each.default) == each.default
