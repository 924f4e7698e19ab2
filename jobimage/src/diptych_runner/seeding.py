"""Seeds: the trial's own, and those of what a control takes from NumPy.

`np.random.RandomState` is used because its streams are frozen: NumPy promises the same bits
from the same seed in every version, which `default_rng` does not (NEP 19).
"""

import hashlib
import math
import random
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from diptych_runner.frameworks.base import Masks, RandomLayer

#: Updates of the probe, and the powers of two that their gradients go over.
PROBE_UPDATES, PROBE_POWERS = 3, 28


def derived_seed(seed: int, purpose: str) -> int:
    """Return a 32-bit seed for one purpose of a trial, independent of those of other purposes."""
    digest = hashlib.sha256("diptych/1/{}/{}".format(purpose, seed).encode("utf-8")).digest()
    return int.from_bytes(digest[:4], "big")


def seed_python_and_numpy(seed: int) -> Dict[str, int]:
    """Seed Python's and NumPy's global generators; return what was set."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - it is the global generator that must be seeded
    return {"python": seed, "numpy": seed}


def initial_weights(
    seed: int, shapes: Sequence[Tuple[str, Tuple[int, ...]]]
) -> Dict[str, np.ndarray]:
    """Return float32 initial weights by name, the same bits for every framework and version.

    Matrices and kernels are Glorot-uniform (Glorot and Bengio 2010), the scale of a normalisation
    (`gamma`) ones, the rest zeros. Only multiplication, division and a correctly rounded square
    root are used, so that no NumPy build differs.
    """
    weights = {}
    for name, shape in shapes:
        if len(shape) < 2:
            value = 1.0 if name.split("/")[-1] == "gamma" else 0.0
            weights[name] = np.full(shape, value, dtype=np.float32)
            continue
        generator = np.random.RandomState(derived_seed(seed, "initialWeights/" + name))
        # Of a convolution every place of its window is an input.
        window = int(np.prod(shape[:-2], dtype=np.int64))
        limit = math.sqrt(6.0 / (window * (shape[-2] + shape[-1])))
        unit = generator.random_sample(shape)
        weights[name] = ((2.0 * unit - 1.0) * limit).astype(np.float32)
    return weights


def drawn_weights(
    seed: int, shapes: Sequence[Tuple[str, Tuple[int, ...]]]
) -> Dict[str, np.ndarray]:
    """Return the same for weights that are known to be drawn: a vector as a matrix of one row."""
    matrices = [(name, (1,) * (2 - len(shape)) + tuple(shape)) for name, shape in shapes]
    weights = initial_weights(seed, matrices)
    return {name: weights[name].reshape(shape) for name, shape in shapes}


def shared_orders(seed: int) -> "np.random.RandomState":
    """Return the generator whose `permutation(n)` gives each epoch's batch order."""
    return np.random.RandomState(derived_seed(seed, "batchOrder"))


def shared_uniform(seed: int) -> Callable[[Tuple[int, ...]], np.ndarray]:
    """Return the function that draws each batch's augmentation: uniform float32 of a shape."""
    generator = np.random.RandomState(derived_seed(seed, "augmentation"))
    return lambda shape: np.asarray(generator.random_sample(shape)).astype(np.float32)


def shared_masks(
    seed: int,
    layers: Sequence[RandomLayer],
    begun: Optional[Dict[str, "np.random.RandomState"]] = None,
) -> Callable[[int], Masks]:
    """Return the function that draws each step's masks, float32 (rows, units), by layer's name.

    A kept unit is multiplied by 1 / (1 - rate), a dropped one by 0. Each layer has a generator
    of its own, and each call takes the next numbers from it. Those in `begun` go on; new ones are
    put there.
    """
    generators = {} if begun is None else begun
    for layer in layers:
        own = np.random.RandomState(derived_seed(seed, "masks/" + layer.name))
        generators.setdefault(layer.name, own)

    def draw(rows: int) -> Masks:
        masks = {}
        for layer in layers:
            unit = generators[layer.name].random_sample((rows, layer.units))
            kept = np.float32(1.0 / (1.0 - layer.rate))
            masks[layer.name] = np.where(unit >= layer.rate, kept, np.float32(0.0))
        return masks

    return draw


def probe_updates(
    seed: int, shapes: Sequence[Tuple[str, Tuple[int, ...]]]
) -> Tuple[Dict[str, np.ndarray], List[Dict[str, np.ndarray]]]:
    """Return weights to start from and the gradients of three updates, by name, float32.

    Their sizes go over 28 powers of two, so that an epsilon shows. The weights are as small as
    the updates, or the difference of the two would be lost in rounding.
    """
    generators = [
        (name, shape, np.random.RandomState(derived_seed(seed, "probe/updates/" + name)))
        for name, shape in shapes
    ]
    start = {
        name: np.ldexp(_signed(generator, shape), -12).astype(np.float32)
        for name, shape, generator in generators
    }
    gradients = [
        {
            name: np.ldexp(
                _signed(generator, shape), -generator.randint(0, PROBE_POWERS, shape)
            ).astype(np.float32)
            for name, shape, generator in generators
        }
        for _ in range(PROBE_UPDATES)
    ]
    return start, gradients


def _signed(generator: "np.random.RandomState", shape: Tuple[int, ...]) -> np.ndarray:
    """Return numbers between 1 and 2 or between -2 and -1."""
    sizes = 1.0 + np.asarray(generator.random_sample(shape))
    return np.where(np.asarray(generator.random_sample(shape)) < 0.5, -sizes, sizes)
