from collections.abc import Callable

Told = Callable[..., list[tuple[str, str]]]


def test_more_than_100000_trials_are_told_with_the_product(told: Told) -> None:
    noise = {"seeds": 10_000, "repeats": 6}
    [(path, message)] = told(seeds={"count": 10_000}, noiseFloor=noise)
    assert path == "spec"
    assert message == (
        "120000 trials (2 versions x (10000 seeds + 50000 repeats for the noise floor))"
        " exceed 100000"
    )


def test_100000_trials_are_allowed(told: Told) -> None:
    assert told(seeds={"count": 10_000}, noiseFloor={"seeds": 10_000, "repeats": 5}) == []


def test_a_count_out_of_bounds_is_told_alone(told: Told) -> None:
    assert [path for path, _ in told(seeds={"count": 10**12})] == ["spec.seeds.count"]
