from collections.abc import Callable

Told = Callable[..., list[tuple[str, str]]]


def test_a_control_stands_once(told: Told) -> None:
    assert told(attribution={"controls": ["SharedInit", "SharedInit"]}) == [
        (
            "spec.attribution.controls[1]",
            'Duplicate value: "SharedInit" is controls[0] too',
        )
    ]


def test_native_is_not_a_rung(told: Told) -> None:
    [(path, message)] = told(attribution={"controls": ["Native"]})
    assert path == "spec.attribution.controls[0]"
    assert message.startswith("must be one of SharedInit,")


def test_a_ladder_has_rungs(told: Told) -> None:
    assert [path for path, _ in told(attribution={"controls": []})] == ["spec.attribution.controls"]
    assert [path for path, _ in told(attribution={})] == ["spec.attribution.controls"]
