import pytest

from diptych.kubernetes.indexes import NONE, Indexes


@pytest.mark.parametrize(
    ("text", "indexes"),
    [("", []), ("0", [0]), ("1,3-5,7", [1, 3, 4, 5, 7]), ("x,2-y,-3,4", [4])],
)
def test_a_list_is_read_and_what_is_none_is_left_out(text: str, indexes: list[int]) -> None:
    found = Indexes.of(text)
    assert found.count == len(indexes)
    assert list(found.falling()) == indexes[::-1]
    assert [index for index in range(9) if found.has(index)] == indexes


def test_there_are_none_in_none() -> None:
    assert (NONE.count, list(NONE.falling())) == (0, [])
