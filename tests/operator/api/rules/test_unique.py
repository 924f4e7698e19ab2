from diptych.api.rules.unique import repeated


def test_every_later_place_is_told_with_the_first() -> None:
    items = [(0, "a"), (1, "b"), (4, "a"), (5, "a")]
    assert list(repeated(items)) == [(4, "a", 0), (5, "a", 0)]
