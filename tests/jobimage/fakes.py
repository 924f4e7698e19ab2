"""A framework of a few lines of NumPy, for what happens around a training.

The real ones are in tests/integration/test_runner.py, through the same `run_block`.
"""

import numpy as np

from diptych_runner.contract import defaults, hashing, names, plan, tables
from diptych_runner.frameworks import base
from diptych_runner.module.data import Examples
from diptych_runner.module.run import Run, Setting

ASPECTS = [aspect for aspect in names.ASPECTS if aspect is not None]


class FakeProgram(base.Program):
    """Gradient descent on a line; `on_step` lets a test break it."""

    def __init__(self, on_step):
        self._kernel = np.zeros((10, 1), dtype=np.float32)
        self._on_step = on_step

    def weight_shapes(self):
        return [("kernel", (10, 1))]

    def assign_weights(self, weights):
        self._kernel = weights["kernel"].copy()

    def step(self, batch):
        planted = self._on_step()
        error = batch.inputs.dot(self._kernel) - batch.targets
        self._kernel = self._kernel - np.float32(0.1) * batch.inputs.T.dot(error) / len(error)
        return float(np.mean(error**2)) if planted is None else planted

    def probe(self, batch):
        outputs = batch.inputs.dot(self._kernel)
        error = outputs - batch.targets
        gradient = batch.inputs.T.dot(error) / len(error)
        loss = np.asarray(np.mean(error**2))
        return {"outputs": outputs, "loss": loss, "gradients/kernel": gradient}

    def optimized(self, weights, gradients):
        return {
            name: start - np.float32(0.1) * sum(each[name] for each in gradients)
            for name, start in weights.items()
        }

    def predict(self, inputs):
        return inputs.dot(self._kernel)

    def tensors(self):
        return {"weights/kernel": self._kernel}

    def permutation(self, count):
        return np.random.permutation(count)

    def effective_parameters(self):
        return {"optimizer": "descent"}


class FakeFramework(base.Framework):
    """Version 0 of nothing."""

    name = "tensorflow"
    version = "0"

    def __init__(self, on_step):
        self._on_step = on_step

    def begin(self, seed, threads):
        return {"tensorflow": seed}

    def describe(self):
        numerics = {"tf32": None, "oneDnn": None, "deterministicOps": None}
        return {"gpus": [], "driver": None, "cuda": None, "cudnn": None, "numerics": numerics}

    def build(self, problem, optimizer, *, given_masks):
        return FakeProgram(self._on_step)

    def permutation(self, count):
        return np.random.permutation(count)

    def device_peak(self):
        return None, "a fake has no device"


def plan_of(
    versions=("0", "1"),
    seeds=(1, 2, 3),
    control="SharedOrder",
    ladder=(),
    settings=({},),
    workload="adam-linear-regression",
    parameters=(),
    repeats=1,
    every_steps=None,
    module=None,
    framework="tensorflow",
    gpus=0,
):
    """Return a small plan of a built-in workload, or of a module.

    `ladder` are further controls; every control covers every setting.
    """
    row = tables.workloads()[workload]
    values = {name: each.default for name, each in row.parameters.items()}
    values.update(dict(parameters))
    axes = {
        "framework": framework,
        "versions": [
            {"name": name, "version": name, "image": None, "env": []} for name in versions
        ],
        "workload": {
            "builtin": None if module else workload,
            "module": module,
            "parameters": dict(parameters) if module else values,
            "data": None,
        },
        "settings": list(settings),
        "seeds": list(seeds),
        "cells": [
            {"control": control, "setting": setting, "repeat": repeat, "seeds": len(seeds)}
            for control in (control,) + tuple(ladder)
            for setting in range(len(settings))
            for repeat in range(repeats)
        ],
        "pinned": [
            defaults.pinned(framework, versions[0], row.interface, dict(values, **setting))
            for setting in settings
        ],
        "threads": 1,
        "gpus": gpus,
        "accelerator": "Optional" if gpus else "None",
        "checkpoints": {"everySteps": every_steps or row.checkpoint_every_steps},
    }
    metric = row.metrics[0]
    analysis = {
        "baseline": versions[0],
        "control": control,
        "confidence": "0.95",
        "minimumCompletedPercent": 90,
        "metrics": [
            {
                "name": metric.name,
                "evaluator": metric.evaluator,
                "direction": metric.direction,
                "primary": True,
                "test": "Equivalence",
                "margin": metric.margin,
                "relativeMargin": metric.relative_margin,
            }
        ],
    }
    comparison = {"name": "test", "uid": hashing.sha256_of_json(axes)}
    trials = len(seeds) * len(axes["cells"])
    execution = {"trialsPerPod": trials, "retriesPerTrial": 2}
    return plan.Plan(plan.document_of(comparison, axes, execution, analysis))


def run_of(
    control="Native", seed=1, every=None, written=None, arrays=None, framework=None, probes=False
):
    """Return a run of the user's own code, as a plan of this control gives it."""
    return Run(
        Setting(
            seed=seed,
            control=control,
            shared=plan.effective_aspects(control, ASPECTS),
            parameters={"depth": 3},
            examples=Examples("here", lambda: arrays or {}),
            evaluators=["accuracy"],
            checkpoint_every=every,
            probes=probes,
            defaults=lambda _name: {},
            framework=framework or FakeFramework(lambda: None),
            checkpoint=lambda step, tensors: (written if written is not None else {}).update(
                {step: tensors}
            ),
            tell=lambda step, steps: None,
        )
    )
