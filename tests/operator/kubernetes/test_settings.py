"""kopf's requests are tried for as long as the server is away, ever more slowly."""

from collections.abc import Sized
from itertools import islice, pairwise

import kopf

from diptych.kubernetes.settings import Backoffs, configure


def test_a_request_is_tried_without_an_end_and_each_from_the_beginning() -> None:
    settings = kopf.OperatorSettings()
    configure(settings, silence=70)
    waits = settings.networking.error_backoffs
    assert isinstance(waits, Backoffs)
    # kopf stops after as many tries as there are, if they can be counted.
    assert not isinstance(waits, Sized)
    for _ in range(2):
        several = list(islice(waits, 1000))
        assert 0.5 <= several[0] <= 1
        assert all(15 <= wait <= 30 for wait in several[20:])


def test_waits_grow_to_half_a_minute_and_are_spread() -> None:
    longest = list(islice(Backoffs(lambda: 1.0), 30))
    assert all(first <= second for first, second in pairwise(longest))
    assert (longest[0], longest[-1]) == (1.0, 30.0)
    assert list(islice(Backoffs(lambda: 0.0), 30)) == [wait / 2 for wait in longest]
