"""Rows of the known changes that no release note tells: asked of the versions themselves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diptych_runner.contract import tables

pytestmark = pytest.mark.environments

PYTHONS = {row.version: row.python for row in tables.environments("tensorflow")}
#: Prints what one batch of images makes of moving_variance, and the batch's own two variances.
VARIANCE = """
import json
import numpy as np
import tensorflow as tf

images = np.random.RandomState(0).random_sample((2, 3, 3, 1)).astype("float32")
layer = tf.keras.layers.BatchNormalization(momentum=0.0)
layer(tf.constant(images), training=True)
kept = layer.moving_variance.numpy()[0]
told = {"kept": kept, "own": images.var(), "unbiased": images.var(ddof=1)}
print(json.dumps({name: float(value) for name, value in told.items()}))
"""


@pytest.mark.parametrize(
    ("version", "corrected"),
    [
        pytest.param(version, corrected, marks=pytest.mark.needs_python(PYTHONS[version]))
        for version, corrected in (("2.1.0", True), ("2.15.1", True), ("2.16.2", False))
    ],
)
def test_keras_3_leaves_bessels_correction_out(
    version: str,
    corrected: bool,  # noqa: FBT001 - a parameter of the test
    run_script: Callable[..., dict[str, Any]],
    tmp_path: Path,
) -> None:
    script = tmp_path / "variance.py"
    script.write_text(VARIANCE, encoding="utf-8")
    told = run_script(script, version)
    assert told["unbiased"] > 1.05 * told["own"]
    expected = told["unbiased"] if corrected else told["own"]
    assert told["kept"] == pytest.approx(expected, rel=1e-5)
