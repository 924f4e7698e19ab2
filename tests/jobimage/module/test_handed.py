import json

import pytest
from tests.jobimage.fakes import run_of


def lines(run):
    text = run.record.handed.log().to_bytes(run.step).decode("ascii")
    return [json.loads(line) for line in text.splitlines()]


def looped(control="SharedMasks", size=2, rate=0.5):
    """Return a run of one epoch over 4 examples, with a mask for each batch."""
    run = run_of(control)
    for places in run.batches(4, size):
        run.mask("drop", len(places), 30, rate)
        run.log(1.0)
    return run


def test_each_step_is_fed_the_batch_and_the_masks_that_it_was_handed():
    first, second = lines(looped()), lines(looped())
    assert first == second
    assert len({line["batch"] for line in first}) == len({line["masks"] for line in first}) == 2
    assert lines(looped(size=4))[0]["batch"] != first[0]["batch"]
    other = lines(looped(rate=0.25))
    assert [line["batch"] for line in other] == [line["batch"] for line in first]
    assert other[0]["masks"] != first[0]["masks"]
    assert [line["masks"] for line in lines(looped("SharedOrder"))] == [None, None]


def test_batches_that_are_taken_ahead_of_their_steps_are_those_of_their_steps():
    ahead = run_of("SharedOrder")
    for _places in list(ahead.batches(4, 2)):
        ahead.log(1.0)
    assert lines(ahead) == lines(looped("SharedOrder"))


@pytest.mark.parametrize("steps", [1, 3])
def test_of_more_batches_than_steps_or_fewer_nothing_is_known(steps):
    run = run_of("SharedOrder")
    list(run.batches(4, 2))
    for _ in range(steps):
        run.log(1.0)
    assert lines(run) == []
