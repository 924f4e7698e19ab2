"""Rows of the known changes that no release note tells: asked of the versions themselves."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

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
print(json.dumps([float(each) for each in (kept, images.var(), images.var(ddof=1))]))
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
    environment: Callable[[str], Path],
) -> None:
    ended = subprocess.run(
        [str(environment(version)), "-c", VARIANCE],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    kept, own, unbiased = json.loads(ended.stdout.splitlines()[-1])
    assert unbiased > 1.05 * own
    assert kept == pytest.approx(unbiased if corrected else own, rel=1e-5)
