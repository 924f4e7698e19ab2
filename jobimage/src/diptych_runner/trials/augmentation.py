"""Flips and shifts of images while training: numbers drawn once a batch, applied exactly.

Who draws them, the framework or NumPy, is a control's to say; moving pixels rounds nothing, so
that the same numbers give the same bits in every version.
"""

from typing import Callable, Dict, Tuple

import numpy as np

from diptych_runner.workloads.task import NO_AUGMENTATION

FLIP, SHIFT, BOTH = "flip", "shift", "flipAndShift"

#: Uniform numbers from 0 to 1, float32 of a shape.
Uniform = Callable[[Tuple[int, ...]], np.ndarray]

#: From a batch's images to those that are trained on, and what was drawn for them.
Augment = Callable[[np.ndarray], Tuple[np.ndarray, Dict[str, np.ndarray]]]

#: An image is moved by at most an eighth of its height and width.
SHARE = 8


def unchanged(images: np.ndarray) -> Tuple[np.ndarray, Dict[str, np.ndarray]]:
    """Return the images as they are; nothing is drawn."""
    return images, {}


def augmenting(kind: str, uniform: Uniform) -> Augment:
    """Return the augmentation of a kind, drawing from `uniform`."""

    if kind == NO_AUGMENTATION:
        return unchanged

    def augment(images: np.ndarray) -> Tuple[np.ndarray, Dict[str, np.ndarray]]:
        drawn = np.asarray(uniform((len(images), 3)))
        made = images
        if kind in (FLIP, BOTH):
            flips = drawn[:, 0] < 0.5
            made = np.where(flips.reshape((-1, 1, 1, 1)), made[:, :, ::-1], made)
        if kind in (SHIFT, BOTH):
            made = _shifted(made, drawn[:, 1:])
        return made, {"augmentation": drawn}

    return augment


def _shifted(images: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return each image moved down and right, or up and left, with black where nothing was."""
    height, width = images.shape[1:3]
    most = max(1, height // SHARE), max(1, width // SHARE)
    padded = np.pad(images, ((0, 0), (most[0],) * 2, (most[1],) * 2, (0, 0)), mode="constant")
    made = np.empty_like(images)
    for place, (down, right) in enumerate(drawn):
        top = min(2 * most[0], int(down * (2 * most[0] + 1)))
        left = min(2 * most[1], int(right * (2 * most[1] + 1)))
        made[place] = padded[place, top : top + height, left : left + width]
    return made
