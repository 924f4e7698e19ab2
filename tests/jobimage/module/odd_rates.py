"""Trains by optimizers and schedules whose rate is hard to read, by ours and by Keras's fit.

Run inside a TensorFlow environment from 1.15 on. The gradient is 1: a step's rate is how far the
weight moves.
"""

# mypy: ignore-errors

import json
import sys

import numpy as np
from tests.jobimage.fakes import run_of

from diptych_runner import frameworks
from diptych_runner.contract import names

STEPS = 4


def main(version):
    """Print by case the rates that were recorded, those that were taken, and whether bits agree."""
    framework = frameworks.load("tensorflow", version)
    framework.begin(1, 1)
    framework.begin_own_code()
    import tensorflow as tf

    made = cases(tf, version)
    print(json.dumps({name: told(tf, framework, *made[name]) for name in sorted(made)}))


def told(tf, framework, make, eagerly):
    """Return what of two trainings is compared."""
    ours, theirs = model_of(tf, make(), eagerly), model_of(tf, make(), eagerly)
    run = run_of(framework=framework)
    run.keras(ours)
    by_ours, by_theirs = moved(ours), moved(theirs)
    key = names.FRAMEWORK_PREFIX + names.LEARNING_RATE
    recorded = [run.record.numbers.get(step, {}).get(key) for step in range(1, STEPS + 1)]
    return {"recorded": recorded, "taken": by_ours, "same": by_ours == by_theirs}


def model_of(tf, optimizer, eagerly):
    """Return a model whose loss is its one weight."""
    layer = tf.keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros", input_shape=(1,))
    model = tf.keras.models.Sequential([layer])
    options = {"run_eagerly": True} if eagerly else {}
    model.compile(optimizer=optimizer, loss=lambda _, told: tf.reduce_mean(told), **options)
    return model


def moved(model):
    """Return by step how far fit moves the weight, from the same draws for both."""
    np.random.seed(3)
    rows = np.ones((1, 1), dtype=np.float32)
    ends = [0.0]
    for _ in range(STEPS):
        model.fit(rows, rows, batch_size=1, shuffle=False, verbose=0)
        ends.append(-float(model.get_weights()[0][0, 0]))
    return [float(after - before) for before, after in zip(ends, ends[1:])]


def cases(tf, version):
    """Return by name what makes an optimizer, and whether it is run eagerly."""
    keras = tf.keras
    known = tuple(map(int, version.split(".")[:2]))
    drawing, wrapping = drawing_of(tf, known), wrapping_of(keras)
    found = {
        "drawing": (lambda: keras.optimizers.SGD(drawing()), known >= (2, 0)),
        "rateless": (rateless_of(keras, known), False),
        "wrapping": (lambda: wrapping(keras.optimizers.SGD(0.25)), False),
    }
    if known >= (2, 0):
        branching = branching_of(tf)
        found["branching"] = (lambda: branching(0.25), False)
    if known >= (2, 16):
        found["several"] = (lambda: keras.optimizers.SGD(lambda: tf.constant([[0.25]])), False)
    return found


def drawing_of(tf, known):
    """Return a schedule with another draw at each call."""

    class Drawing(tf.keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            drawn = np.random.uniform() if known >= (2, 0) else tf.random.uniform(())
            return 0.25 + 0.5 * drawn

        def get_config(self):
            return {}

    return Drawing


def wrapping_of(keras):
    """Return an optimizer as Lookahead of add-ons is: another one updates."""

    class Wrapping(keras.optimizers.SGD):
        def __init__(self, inside):
            super().__init__(0.5)
            self.__dict__["inside"] = inside

        def apply_gradients(self, pairs, *given, **named):
            return self.inside.apply_gradients(pairs)

    return Wrapping


def rateless_of(keras, known):
    """Return an optimizer that asks for no rate, where Keras lets it."""

    class Rateless(keras.optimizers.Optimizer):
        def __init__(self):
            super().__init__(*(["Rateless"] if known < (2, 16) else [0.125]))
            if (2, 11) <= known < (2, 16):
                self._learning_rate = 0.125

        def _create_slots(self, variables):
            pass

        def _resource_apply_dense(self, gradient, variable, apply_state=None):
            return variable.assign_sub(0.125 * gradient)

        def update_step(self, gradient, variable, *_rate):
            variable.assign_sub(0.125 * gradient)

        def get_config(self):
            return {"name": "Rateless"}

    return Rateless


def branching_of(tf):
    """Return one that updates within a branch, as those that accumulate gradients do."""

    class Branching(tf.keras.optimizers.SGD):
        def apply_gradients(self, pairs, *given, **named):
            pairs = list(pairs)

            def update():
                super(Branching, self).apply_gradients(pairs)
                return tf.constant(0.0)

            return tf.cond(tf.constant(2.0) > pairs[0][0][0, 0], update, lambda: tf.constant(0.0))

    return Branching


if __name__ == "__main__":
    main(sys.argv[1])
