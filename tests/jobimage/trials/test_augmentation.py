import numpy as np
import pytest

from diptych_runner import seeding
from diptych_runner.trials.augmentation import augmenting

IMAGES = np.arange(2 * 8 * 8, dtype=np.float32).reshape(2, 8, 8, 1) + 1


def drawing(*rows):
    return lambda shape: np.array(rows, dtype=np.float32).reshape(shape)


def test_without_augmentation_nothing_is_drawn_and_nothing_is_changed():
    def never(shape):
        pytest.fail("drew numbers")

    made, drawn = augmenting("none", never)(IMAGES)
    assert made is IMAGES
    assert drawn == {}


def test_an_image_is_flipped_left_to_right_below_one_half():
    made, drawn = augmenting("flip", drawing(0.2, 0, 0, 0.7, 0, 0))(IMAGES)
    assert (made[0] == IMAGES[0, :, ::-1]).all()
    assert (made[1] == IMAGES[1]).all()
    assert drawn["augmentation"].shape == (2, 3)


def test_an_image_is_moved_by_at_most_an_eighth_and_what_was_outside_is_black():
    made, _ = augmenting("shift", drawing(0.2, 0.0, 0.5, 0.2, 0.99, 0.99))(IMAGES)
    # The window of the first is one row higher: the image moves down by one.
    assert (made[0, 1:] == IMAGES[0, :-1]).all()
    assert (made[0, 0] == 0).all()
    assert (made[1, :-1, :-1] == IMAGES[1, 1:, 1:]).all()
    assert (made[1, -1] == 0).all()


def test_both_flip_and_then_shift():
    made, _ = augmenting("flipAndShift", drawing(0.1, 0.5, 0.5, 0.9, 0.5, 0.5))(IMAGES)
    assert (made[0] == IMAGES[0, :, ::-1]).all()
    assert (made[1] == IMAGES[1]).all()


def test_shared_draws_follow_from_the_seed_and_go_on():
    first, again = seeding.shared_uniform(3), seeding.shared_uniform(3)
    assert first((4, 3)).tobytes() == again((4, 3)).tobytes()
    assert first((4, 3)).tobytes() != seeding.shared_uniform(3)((4, 3)).tobytes()
    assert first((4, 3)).dtype == np.float32
