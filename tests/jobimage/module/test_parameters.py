import pytest

from diptych_runner.module.parameters import Parameters

GIVEN = Parameters({"beta1": "0.9", "epochs": 3})


def test_parameters_are_a_dict():
    assert GIVEN["epochs"] == 3
    assert GIVEN.get("beta_1", "0.5") == "0.5"
    assert "beta_1" not in GIVEN
    assert dict(GIVEN) == {"beta1": "0.9", "epochs": 3}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("beta_1", "has no 'beta_1' (did you mean 'beta1'?); it has: beta1, epochs"),
        ("Epochs", "did you mean 'epochs'?"),
        ("momentum", "has no 'momentum'; it has: beta1, epochs"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_the_nearest(name, told):
    with pytest.raises(KeyError) as caught:
        GIVEN[name]
    assert told in str(caught.value)
