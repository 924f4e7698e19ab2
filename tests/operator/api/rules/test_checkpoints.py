from collections.abc import Callable

Told = Callable[..., list[tuple[str, str]]]


def test_steps_need_checkpoints_between_the_ends(told: Told) -> None:
    [(path, message)] = told(checkpoints={"keep": "Ends", "everySteps": 5})
    assert path == "spec.checkpoints.everySteps"
    assert "keep: Ends keeps the first and the last checkpoint only" in message
    assert told(checkpoints={"keep": "Ends"}) == []
    assert told(checkpoints={"everySteps": 5}) == []
