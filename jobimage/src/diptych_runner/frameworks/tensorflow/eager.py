"""TensorFlow 2.x: a tf.function step with a gradient tape and tf.keras.optimizers.Adam."""

import os
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import keras_adam
from diptych_runner.records import host


class EagerTensorFlow(base.Framework):
    """The adapter for TensorFlow 2.x with tf.keras."""

    name = "tensorflow"

    def __init__(self, tensorflow: Any) -> None:
        """Take the imported module."""
        self._tf = tensorflow
        self.version = tensorflow.__version__

    def begin(self, seed: int, threads: int) -> Dict[str, int]:
        """Set threads and GPU memory growth, then the global seed."""
        tf = self._tf
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        for device in tf.config.experimental.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(device, enable=True)
        if hasattr(tf.keras.utils, "set_random_seed"):
            # From 2.7 on Keras derives initializer seeds from a generator of its own.
            tf.keras.utils.set_random_seed(seed)
        else:
            tf.random.set_seed(seed)
        return {"tensorflow": seed}

    def describe(self) -> Dict[str, Any]:
        """Return devices, build and numeric switches as far as this version tells them."""
        gpus = self._gpus()
        build = self._build_info()
        return {
            "gpus": gpus,
            "driver": host.gpu_driver() if gpus else None,
            "cuda": build.get("cuda_version"),
            "cudnn": build.get("cudnn_version"),
            "numerics": {
                "tf32": self._tf32(),
                "oneDnn": self._one_dnn(),
                "deterministicOps": os.environ.get("TF_DETERMINISTIC_OPS") in ("1", "true"),
            },
        }

    def build(self, problem: base.Problem, optimizer: base.Adam) -> base.Program:
        """Build the problem and Adam, slots included, before the first step."""
        tf = self._tf
        adam = keras_adam.make(tf, optimizer)
        if isinstance(problem, base.Quadratic):
            program = QuadraticProgram(tf, adam, problem)  # type: EagerProgram
        else:
            program = RegressionProgram(tf, adam, problem)
        keras_adam.create_slots(adam, [variable for _, variable in program.weights])
        return program

    def device_peak(self) -> Tuple[Optional[int], Optional[str]]:
        """Return TensorFlow's own peak (from 2.5) of the first GPU."""
        experimental = self._tf.config.experimental
        if not experimental.list_physical_devices("GPU"):
            return None, "no GPU was used"
        if not hasattr(experimental, "get_memory_info"):
            return None, "TensorFlow {} does not report peak device memory".format(self.version)
        return int(experimental.get_memory_info("GPU:0")["peak"]), None

    def _gpus(self) -> List[str]:
        experimental = self._tf.config.experimental
        devices = experimental.list_physical_devices("GPU")
        if hasattr(experimental, "get_device_details"):
            details = [experimental.get_device_details(device) for device in devices]
            return [
                entry.get("device_name", device.name) for entry, device in zip(details, devices)
            ]
        return [device.name for device in devices]

    def _build_info(self) -> Dict[str, str]:
        sysconfig = self._tf.sysconfig
        if not hasattr(sysconfig, "get_build_info"):
            return {}
        return {key: str(value) for key, value in dict(sysconfig.get_build_info()).items()}

    def _tf32(self) -> Optional[bool]:
        experimental = self._tf.config.experimental
        if not hasattr(experimental, "tensor_float_32_execution_enabled"):
            return None
        if os.environ.get("NVIDIA_TF32_OVERRIDE") == "0":
            return False
        return bool(experimental.tensor_float_32_execution_enabled())

    def _one_dnn(self) -> Optional[bool]:
        switch = os.environ.get("TF_ENABLE_ONEDNN_OPTS")
        if switch is not None:
            return switch == "1"
        major, minor = (int(part) for part in self.version.split(".")[:2])
        # The switch exists from 2.5 and is on by default from 2.9 (Linux on x86).
        return None if (major, minor) < (2, 5) else (major, minor) >= (2, 9)


class EagerProgram(base.Program):
    """A tf.function step over named variables."""

    def __init__(self, tf: Any, adam: Any, weights: List[Tuple[str, Any]]) -> None:
        """Take the variables by name, in the model's order."""
        self._tf = tf
        self._adam = adam
        self.weights = weights
        self._compiled = tf.function(self._update)

    def weight_shapes(self) -> List[Tuple[str, base.Shape]]:
        """Return names and static shapes."""
        return [(name, tuple(variable.shape.as_list())) for name, variable in self.weights]

    def assign_weights(self, weights: Dict[str, np.ndarray]) -> None:
        """Assign each variable."""
        for name, variable in self.weights:
            variable.assign(weights[name])

    def step(self, batch: base.Batch) -> float:
        """Run the compiled step."""
        tf = self._tf
        return float(self._compiled(tf.constant(batch.inputs), tf.constant(batch.targets)))

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, slots, and the powers of beta that the next update will use."""
        tensors = {names.WEIGHTS_PREFIX + name: variable.numpy() for name, variable in self.weights}
        tensors.update(keras_adam.slots(self._adam, self.weights))
        tensors.update(keras_adam.beta_powers(self._tf, self._adam))
        return tensors

    def permutation(self, count: int) -> np.ndarray:
        """Shuffle as Model.fit does: tf.random.shuffle under the global seed."""
        order = self._tf.random.shuffle(self._tf.range(count)).numpy()
        return np.asarray(order)

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's own configuration."""
        return keras_adam.effective(self._adam)

    def _loss(self, inputs: Any, targets: Any) -> Any:
        raise NotImplementedError

    def _update(self, inputs: Any, targets: Any) -> Any:
        variables = [variable for _, variable in self.weights]
        with self._tf.GradientTape() as tape:
            loss = self._loss(inputs, targets)
        gradients = tape.gradient(loss, variables)
        self._adam.apply_gradients(list(zip(gradients, variables)))
        return loss


class QuadraticProgram(EagerProgram):
    """(x - y)^2 over one variable; batches are ignored."""

    def __init__(self, tf: Any, adam: Any, problem: base.Quadratic) -> None:
        """Start x where the problem says."""
        self._x = tf.Variable(np.float32(problem.x), name="x")
        self._y = np.float32(problem.y)
        super().__init__(tf, adam, [("x", self._x)])

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return x for every row."""
        return np.full((len(inputs), 1), self._x.numpy(), dtype=np.float32)

    def _loss(self, inputs: Any, targets: Any) -> Any:  # noqa: ARG002 - there is no data
        return self._tf.square(self._x - self._y)


class RegressionProgram(EagerProgram):
    """One tf.keras Dense layer and the mean squared error."""

    def __init__(self, tf: Any, adam: Any, problem: base.LinearRegression) -> None:
        """Build the layer with Keras's default initializers."""
        self._layer = tf.keras.layers.Dense(problem.outputs)
        self._layer.build((None, problem.inputs))
        weights = [("kernel", self._layer.kernel), ("bias", self._layer.bias)]
        super().__init__(tf, adam, weights)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Apply the layer."""
        return np.asarray(self._layer(self._tf.constant(inputs)).numpy())

    def _loss(self, inputs: Any, targets: Any) -> Any:
        return self._tf.reduce_mean(self._tf.square(self._layer(inputs) - targets))
