import hashlib
import random

import numpy as np

from diptych_runner import seeding

KERNEL_OF_SEED_7 = "ef59f8c238441fac71865d1c3f9b9b58b2d45f899d39c381c2bb7c221228ce8e"
ORDER_OF_SEED_7 = [680, 192, 794, 829, 530, 269, 443, 603]


def test_purposes_and_seeds_have_streams_of_their_own():
    derived = {
        seeding.derived_seed(seed, purpose)
        for seed in range(50)
        for purpose in ("initialWeights/kernel", "batchOrder")
    }
    assert len(derived) == 100
    assert all(0 <= seed < 2**32 for seed in derived)


def test_shared_weights_are_the_same_bits_on_every_python_and_numpy():
    # The literal is the contract: another value means that old and new records differ.
    weights = seeding.initial_weights(7, [("kernel", (10, 1)), ("bias", (1,))])
    assert hashlib.sha256(weights["kernel"].tobytes()).hexdigest() == KERNEL_OF_SEED_7
    assert weights["kernel"].dtype == np.float32
    assert weights["kernel"].shape == (10, 1)
    assert not weights["bias"].any()
    assert np.abs(weights["kernel"]).max() <= np.sqrt(6.0 / 11.0)


def test_a_vector_that_was_drawn_is_drawn_as_a_matrix_of_one_row():
    weights = seeding.drawn_weights(7, [("kernel", (10, 1)), ("bias", (5,)), ("scale", ())])
    assert hashlib.sha256(weights["kernel"].tobytes()).hexdigest() == KERNEL_OF_SEED_7
    assert {name: each.shape for name, each in weights.items()} == {
        "kernel": (10, 1),
        "bias": (5,),
        "scale": (),
    }
    assert len(set(weights["bias"])) == 5


def test_shared_order_is_the_same_on_every_python_and_numpy():
    order = seeding.shared_orders(7).permutation(1000)
    assert sorted(order) == list(range(1000))
    assert list(order[:8]) == ORDER_OF_SEED_7


def test_global_generators_repeat_after_seeding():
    assert seeding.seed_python_and_numpy(3) == {"python": 3, "numpy": 3}
    first = (random.random(), np.random.random_sample())
    seeding.seed_python_and_numpy(3)
    assert (random.random(), np.random.random_sample()) == first


def test_kernels_count_their_window_and_a_normalisation_keeps_its_scale():
    shapes = [("conv/kernel", (3, 3, 4, 8)), ("norm/gamma", (8,)), ("norm/beta", (8,))]
    weights = seeding.initial_weights(1, shapes)
    limit = np.sqrt(6.0 / (9 * 12))
    assert 0.9 * limit < np.abs(weights["conv/kernel"]).max() <= np.float32(limit)
    assert set(weights["norm/gamma"]) == {1.0}
    assert set(weights["norm/beta"]) == {0.0}
