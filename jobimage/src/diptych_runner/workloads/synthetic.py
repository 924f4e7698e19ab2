"""Images of any size, made of uniform numbers: the same bits from every NumPy.

Each class has a template; an example is its template and noise in equal parts, so that a network
can learn it and must generalise.
"""

from typing import Tuple

import numpy as np

from diptych_runner.workloads.task import Data

#: The data is part of the workload, not of a trial: every seed sees the same.
DATA_SEED = 20170614


def images(
    *, size: int, channels: int, classes: int, train_examples: int, test_examples: int
) -> Data:
    """Return float32 images (n, size, size, channels) from 0 to 1 and int64 labels (n,)."""
    generator = np.random.RandomState(DATA_SEED)
    shape = (size, size, channels)
    templates = generator.random_sample((classes,) + shape).astype(np.float32)
    test = _examples(generator, templates, test_examples)
    train = _examples(generator, templates, train_examples)
    source = "synthetic images, seed {}".format(DATA_SEED)
    return Data(source, train[0], train[1], test[0], test[1])


def _examples(
    generator: "np.random.RandomState", templates: np.ndarray, count: int
) -> Tuple[np.ndarray, np.ndarray]:
    labels = (np.arange(count) % len(templates)).astype(np.int64)
    made = np.empty((count,) + templates.shape[1:], dtype=np.float32)
    half = np.float32(0.5)
    for place, label in enumerate(labels):
        # One at a time: float64 noise for all of them would take twice the room of the data.
        noise = generator.random_sample(templates.shape[1:]).astype(np.float32)
        made[place] = half * templates[label] + half * noise
    return made, labels
