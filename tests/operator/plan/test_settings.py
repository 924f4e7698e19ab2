from diptych.api.seeds import SweepEntry
from diptych.api.workload import Module, Workload
from diptych.plan.settings import parameters_of, settings_of

QUADRATIC = Workload(builtin="adam-quadratic", parameters={"steps": "50", "x": "1.50"})
MODULE = Workload(
    module=Module(config_map="code", entrypoint="train:train"), parameters={"depth": "03"}
)


def test_parameters_are_complete_and_spelled_in_one_way() -> None:
    assert parameters_of(QUADRATIC) == {
        "optimizer": "adam",
        "learningRate": "0.001",
        "beta1": None,
        "beta2": None,
        "epsilon": None,
        "momentum": None,
        "rho": None,
        "initialAccumulator": None,
        "steps": 50,
        "x": "1.5",
        "y": "2",
    }


def test_a_modules_parameters_are_as_given() -> None:
    assert parameters_of(MODULE) == {"depth": "03"}


def test_without_a_sweep_there_is_one_setting() -> None:
    assert settings_of(QUADRATIC, ()) == [{}]


def test_the_first_entry_of_a_sweep_is_outermost() -> None:
    sweep = (
        SweepEntry(parameter="steps", values=(1, 2)),
        SweepEntry(parameter="x", values=("0.10", 3)),
    )
    assert settings_of(QUADRATIC, sweep) == [
        {},
        {"steps": 1, "x": "0.1"},
        {"steps": 1, "x": "3"},
        {"steps": 2, "x": "0.1"},
        {"steps": 2, "x": "3"},
    ]
