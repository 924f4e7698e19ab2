import json

import numpy as np

from diptych_runner.trials.inputs import InputLog


def lines(log, steps):
    return [json.loads(line) for line in log.to_bytes(steps).decode("utf-8").splitlines()]


def test_equal_examples_and_masks_have_equal_digests():
    first, second = InputLog(), InputLog()
    mask = {"dropout": np.ones((2, 3), dtype=np.float32)}
    first.add(np.array([4, 2], dtype=np.int64), mask)
    second.add(np.array([4, 2], dtype=np.int64), {"dropout": mask["dropout"].copy()})
    assert lines(first, 1) == lines(second, 1)


def test_another_order_or_another_mask_has_another_digest():
    log = InputLog()
    mask = np.ones((2, 3), dtype=np.float32)
    log.add(np.array([4, 2]), {"dropout": mask})
    log.add(np.array([2, 4]), {"dropout": mask})
    log.add(np.array([4, 2]), {"dropout": mask * 0})
    first, order, masks = lines(log, 3)
    assert [line["step"] for line in (first, order, masks)] == [1, 2, 3]
    assert order["batch"] != first["batch"]
    assert order["masks"] == first["masks"]
    assert masks["batch"] == first["batch"]
    assert masks["masks"] != first["masks"]


def test_what_the_framework_drew_has_no_digest_and_steps_not_made_no_line():
    log = InputLog()
    log.add(np.array([1]), {})
    log.add(np.array([2]), {})
    assert [line["masks"] for line in lines(log, 1)] == [None]
