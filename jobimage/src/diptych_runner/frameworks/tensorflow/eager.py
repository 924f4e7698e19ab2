"""TensorFlow 2.x: seeds, devices, and which program serves which problem."""

import os
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import (
    common,
    eager_mirrored,
    eager_program,
    keras_settings,
    own_initial,
    own_names,
)
from diptych_runner.frameworks.tensorflow.eager_keras import KerasProgram
from diptych_runner.frameworks.tensorflow.optimizers import defaults, fitted, keras, slots
from diptych_runner.frameworks.tensorflow.own_eager import OwnEagerModel
from diptych_runner.records import host


class EagerTensorFlow(common.TensorFlow):
    """The adapter for TensorFlow 2.x with tf.keras."""

    def __init__(self, tensorflow: Any) -> None:
        """Take the imported module."""
        super().__init__(tensorflow)
        self._replicas = 1
        self._devices = []  # type: List[str]

    def mirror(self, replicas: int) -> None:
        """Remember it for `begin` and `build`."""
        self._replicas = replicas

    def align_numerics(self) -> None:
        """Switch off TensorFloat-32 (from 2.4) and ask for deterministic kernels (from 2.8)."""
        experimental = self._tf.config.experimental
        if hasattr(experimental, "enable_tensor_float_32_execution"):
            # A float32 product keeps 10 bits of its factors otherwise.
            experimental.enable_tensor_float_32_execution(False)  # noqa: FBT003 - its name changed
        if hasattr(experimental, "enable_op_determinism"):
            experimental.enable_op_determinism()

    def begin(self, seed: int, threads: int) -> Dict[str, int]:
        """Set threads and GPU memory growth, then the global seed."""
        tf = self._tf
        keras_settings.use_defaults(tf)
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        for device in tf.config.experimental.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(device, enable=True)
        if self._replicas > 1:
            self._devices = eager_mirrored.devices(tf, self._replicas)
        if hasattr(tf.keras.utils, "set_random_seed"):
            # From 2.7 on Keras derives initializer seeds from a generator of its own.
            tf.keras.utils.set_random_seed(seed)
        else:
            tf.random.set_seed(seed)
        return {"tensorflow": seed}

    def defaults(self, _problem: base.Problem, optimizer: str) -> Dict[str, float]:
        """Return what tf.keras's class says of itself when nothing is asked for."""
        return defaults.of_keras(self._tf, optimizer)

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

    def build(
        self, problem: base.Problem, optimizer: base.Optimizer, *, given_masks: bool
    ) -> base.Program:
        """Build the problem and its optimizer, slots included, before the first step."""
        if self._devices:
            return self._mirrored(problem, optimizer, given_masks=given_masks)
        made = keras.make(self._tf, optimizer)
        program = self._program(problem, made, given_masks=given_masks)
        slots.create(made, [variable for _, variable in program.weights])
        return program

    def _mirrored(
        self, problem: base.Problem, optimizer: base.Optimizer, *, given_masks: bool
    ) -> base.Program:
        if not isinstance(problem, base.Cnn):
            raise base.Unsupported("{} trains on one GPU".format(type(problem).__name__))
        strategy = self._tf.distribute.MirroredStrategy(self._devices)
        with strategy.scope():
            made = keras.make(self._tf, optimizer)
            program = eager_mirrored.MirroredProgram(
                self._tf, made, problem, strategy, given_masks=given_masks
            )
            slots.create(made, [variable for _, variable in program.weights])
        return program

    def _program(
        self, problem: base.Problem, made: Any, *, given_masks: bool
    ) -> eager_program.EagerProgram:
        if isinstance(problem, base.Quadratic):
            return eager_program.QuadraticProgram(self._tf, made, problem)
        if isinstance(problem, base.LinearRegression):
            return eager_program.RegressionProgram(self._tf, made, problem)
        return KerasProgram(self._tf, made, problem, given_masks=given_masks)

    def permutation(self, count: int) -> np.ndarray:
        """Shuffle as Model.fit does: tf.random.shuffle under the global seed."""
        return np.asarray(self._tf.random.shuffle(self._tf.range(count)).numpy())

    def begin_own_code(self) -> None:
        """Listen to how variables begin too."""
        super().begin_own_code()
        own_initial.listen(self._tf)

    def are_drawn(self, variables: List[Any]) -> List[bool]:
        """Ask what was noted as they began."""
        return own_initial.are_drawn(variables)

    def assign_weights(self, model: Any, weights: Dict[str, np.ndarray]) -> None:
        """Assign each of the variables."""
        for name, variable in own_names.trainable(model):
            if name in weights:
                variable.assign(weights[name])

    def own_model(
        self,
        model: Any,
        inputs: np.ndarray,
        targets: np.ndarray,
        *,
        given_masks: bool,
        weighted: bool
    ) -> base.OwnModel:
        """Return the model as one compiled step."""
        fitted.refuse_unknown(self._tf, model.optimizer)
        return OwnEagerModel(
            self._tf, model, inputs, targets, given_masks=given_masks, weighted=weighted
        )

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
