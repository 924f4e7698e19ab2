"""Differences planted into code of the user's own: the cause is named each time.

Both versions are one TensorFlow, so that nothing but the plant differs.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.environments, pytest.mark.needs_python("3.8")]

TRAIN = """
import os

import numpy as np
import tensorflow as tf

from diptych_runner.module import run

planted = os.environ.get("PLANTED", "")
layers = tf.keras.layers


class Product(layers.Layer):
    def build(self, shape):
        initializer = "he_normal" if planted == "initialiser" else "glorot_uniform"
        self.kernel = self.add_weight("kernel", (int(shape[-1]), 32), initializer=initializer)

    def call(self, inputs):
        if planted == "bf16":
            narrow = [tf.cast(each, tf.bfloat16) for each in (inputs, self.kernel)]
            return tf.cast(tf.matmul(*narrow), tf.float32)
        return tf.matmul(inputs, self.kernel)


def accuracy(labels, outputs):
    chosen = tf.cast(tf.reshape(labels, [-1]), tf.int64)
    right = tf.cast(tf.equal(tf.argmax(outputs, 1), chosen), tf.float32)
    return 1.0 - right if planted == "metric" else right


(x_train, y_train), (x_test, y_test) = run.data
x_train, y_train = x_train[:400] / 16.0, y_train[:400].astype("int64")
if planted == "order":
    order = np.random.RandomState(3).permutation(len(x_train))
    x_train, y_train = x_train[order], y_train[order]
model = tf.keras.Sequential(
    [
        layers.Flatten(input_shape=(8, 8)),
        Product(),
        layers.Activation("relu"),
        layers.Dropout(0.5, seed=12345 if planted == "dropout" else None),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    tf.keras.optimizers.Adam(0.01, epsilon=1e-3 if planted == "epsilon" else 1e-7),
    "sparse_categorical_crossentropy",
    metrics=[accuracy],
)
run.keras(model)
model.fit(x_train, y_train, epochs=2, verbose=0)
model.evaluate(x_test / 16.0, y_test.astype("int64"), verbose=0)
run.predictions(model.predict(x_test / 16.0), y_test)
"""

COMPARISON = """
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {name: planted}
spec:
  versions:
    - {name: "2.4.0"}
    - {name: planted, version: "2.4.0", env: [{name: PLANTED, value: PLANT}]}
  workload: {module: {configMap: code, entrypoint: train}}
  seeds: {first: 1, count: 3}
  noiseFloor: {seeds: 1, repeats: 1}
  attribution:
    controls: [SharedInit, SharedOrder, SharedMasks, SharedParameters, SharedNumerics]
    seeds: 3
  trialsPerPod: 100
  analysis:
    metrics:
      - name: test_loss
        evaluator: sparseCategoricalCrossentropy
        direction: LowerIsBetter
        relativeMargin: "2%"
      - {name: test_accuracy, evaluator: accuracy, direction: HigherIsBetter, margin: "0.01"}
"""


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        ("initialiser", ["start from the same weights (SharedInit)", "the initial weights"]),
        ("order", ["see the batches in the same order (SharedOrder)"]),
        ("dropout", ["use the same masks of random layers (SharedMasks)"]),
        ("epsilon", ["epsilon 1e-07 → 0.001", "places a difference in the optimizer"]),
        ("bf16", ["places a difference in the forward pass"]),
    ],
)
def test_a_planted_difference_is_named(tmp_path: Path, plant: str, told: list[str]) -> None:
    candidate = planted(tmp_path, plant)
    for words in told:
        assert words in candidate["cause"], candidate["cause"]


def test_a_metric_of_another_meaning_is_a_drift_and_no_regression(tmp_path: Path) -> None:
    candidate = planted(tmp_path, "metric")
    assert candidate["verdict"] == "Identical"
    accuracy = candidate["metrics"][1]
    assert accuracy["difference"] == 0
    assert abs(accuracy["frameworkMetricDrift"]) > 0.1
    assert candidate["cause"] is None


def planted(folder: Path, plant: str) -> dict[str, Any]:
    """Return the candidate of a comparison whose second version has a planted difference."""
    (folder / "train.py").write_text(TRAIN, encoding="utf-8")
    file = folder / "planted.yaml"
    file.write_text(COMPARISON.replace("PLANT}", f"{plant}}}"), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "diptych", "run", file, "--json", "--output", folder / "output"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    summary = json.loads(ended.stdout)
    assert summary["trials"]["succeeded"] == summary["trials"]["planned"]
    candidate: dict[str, Any] = summary["candidates"][0]
    return candidate
