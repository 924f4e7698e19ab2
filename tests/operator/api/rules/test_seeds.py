from collections.abc import Callable

import pytest

Told = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize("key", ["first", "count"])
def test_values_exclude_a_range(told: Told, key: str) -> None:
    assert told(seeds={key: 3, "values": [1]}) == [
        ("spec.seeds.values", f"values and {key} are both given")
    ]


def test_a_seed_stands_once(told: Told) -> None:
    [(path, message)] = told(seeds={"values": [5, 6, 5]})
    assert path == "spec.seeds.values[2]"
    assert message == "5 is values[0] too; seeds must be in 0..4294967295 and unique"


@pytest.mark.parametrize("seed", [-1, 4_294_967_296])
def test_a_seed_has_32_bits(told: Told, seed: int) -> None:
    assert [path for path, _ in told(seeds={"values": [seed, 1]})] == ["spec.seeds.values[0]"]


def test_the_last_seed_of_a_range_has_32_bits(told: Told) -> None:
    assert told(seeds={"first": 4_294_967_295, "count": 1}) == []
    assert [path for path, _ in told(seeds={"first": 4_294_967_295, "count": 2})] == [
        "spec.seeds.first"
    ]


def test_seeds_that_tensorflow_1_takes_for_one_are_refused(told: Told) -> None:
    [(path, message)] = told(seeds={"values": [0, 5, 2_147_483_647]})
    assert path == "spec.seeds.values[2]"
    assert message.startswith("2147483647 and values[0] are one seed to TensorFlow 1")


def test_what_is_one_seed_to_tensorflow_1_is_two_in_pytorch(told: Told) -> None:
    values = {"values": [0, 2**31 - 1]}
    [(_, message)] = told(seeds=values)
    assert "TensorFlow 1" in message
    versions = [{"name": "1.11.0"}, {"name": "1.12.1"}]
    assert told(framework="pytorch", versions=versions, seeds=values) == []
