"""What the controls take from NumPy is the same bits on every Python and NumPy."""

import numpy as np

from diptych_runner import seeding
from diptych_runner.contract import hashing
from diptych_runner.frameworks.base import RandomLayer

LAYER = RandomLayer("dropout", 128, 0.2)


def drawn(seed, rows, times, layers=(LAYER,)):
    draw = seeding.shared_masks(seed, layers)
    return [draw(rows)["dropout"] for _ in range(times)]


def test_a_mask_keeps_its_share_and_scales_what_it_keeps():
    mask = drawn(1, 1000, 1)[0]
    assert mask.dtype == np.float32
    assert mask.shape == (1000, 128)
    assert set(np.unique(mask)) == {np.float32(0), np.float32(1.25)}
    # 128,000 draws: 5 standard deviations of the share are 0.0056.
    assert abs(np.mean(mask > 0) - 0.8) < 0.0056


def test_steps_seeds_and_layers_have_masks_of_their_own():
    first, second = drawn(1, 32, 2)
    assert (first != second).any()
    assert (first != drawn(2, 32, 1)[0]).any()
    both = seeding.shared_masks(1, [LAYER, RandomLayer("other", 128, 0.2)])(32)
    assert (both["dropout"] == first).all()
    assert (both["other"] != first).any()


def test_masks_and_orders_are_the_same_bits_on_every_python_and_numpy():
    masks = drawn(3, 32, 3)
    digest = hashing.sha256_of_bytes(b"".join(mask.tobytes() for mask in masks))
    assert digest == "04463b46c1e5452d2e663c81bf9ffa9d62152112bdd96be82f2549d3c814b80d"
    orders = seeding.shared_orders(3)
    taken = b"".join(orders.permutation(1437).astype("<i8").tobytes() for _ in range(5))
    assert (
        hashing.sha256_of_bytes(taken)
        == "9812af14a42eac42a036ca416f15112ebb5d7edd0fc9367b7ab9e1119c22d068"
    )
