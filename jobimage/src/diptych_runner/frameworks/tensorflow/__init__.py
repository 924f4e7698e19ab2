"""TensorFlow from 1.2 on: graph mode where there is no other, tf.function from 2.0."""

import warnings

from diptych_runner.frameworks.base import Framework


def adapter() -> Framework:
    """Import TensorFlow and return the adapter of its major version."""
    with warnings.catch_warnings():
        # Old wheels beside a newer NumPy warn about aliases; it is their code, not the user's.
        warnings.simplefilter("ignore")
        import tensorflow

    if tensorflow.__version__.startswith("1."):
        from diptych_runner.frameworks.tensorflow.graph import GraphTensorFlow

        return GraphTensorFlow(tensorflow)
    from diptych_runner.frameworks.tensorflow.eager import EagerTensorFlow

    return EagerTensorFlow(tensorflow)
