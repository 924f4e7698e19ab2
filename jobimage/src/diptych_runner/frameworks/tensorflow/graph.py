"""TensorFlow 1.x: seeds, devices, and which program serves which problem."""

import logging
import re
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow import (
    common,
    graph_keras,
    graph_program,
    keras_settings,
    own_compiled,
    own_initial,
    own_losses,
    own_names,
)
from diptych_runner.frameworks.tensorflow.optimizers import defaults, train
from diptych_runner.frameworks.tensorflow.own_graph import OwnGraphModel
from diptych_runner.records import host


class GraphTensorFlow(common.TensorFlow):
    """The adapter for TensorFlow 1.x."""

    def __init__(self, tensorflow: Any) -> None:
        """Take the imported module."""
        super().__init__(tensorflow)
        self._config = None  # type: Any
        # 1.15 tells at every call that 2.0 will name it otherwise.
        logging.getLogger("tensorflow").setLevel(logging.ERROR)

    def begin(self, seed: int, threads: int) -> Dict[str, int]:
        """Set the graph's seed; threads go into the session's configuration."""
        keras_settings.use_defaults(self._tf)
        self._tf.set_random_seed(seed)
        self._config = self._tf.ConfigProto(
            intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads
        )
        # TensorFlow takes all of a GPU's memory otherwise.
        self._config.gpu_options.allow_growth = True
        return {"tensorflow": seed}

    def defaults(self, problem: base.Problem, optimizer: str) -> Dict[str, float]:
        """Return what the class that serves the problem sets when nothing is asked for."""
        # A graph aside: more operations in the trial's own would change its seeds.
        with self._tf.Graph().as_default():
            if not isinstance(problem, (base.Mlp, base.Cnn)) and train.serves(self._tf, optimizer):
                return defaults.of_train(self._tf, optimizer)
            # The first session of a process sets the threads of all that follow.
            with self._tf.Session(config=self._config).as_default():
                return defaults.of_keras(self._tf, optimizer)

    def class_defaults(self, kind: str) -> Dict[str, float]:
        """Ask in a graph aside, too."""
        with self._tf.Graph().as_default(), self._tf.Session(config=self._config).as_default():
            return super().class_defaults(kind)

    def describe(self) -> Dict[str, Any]:
        """Return what this version tells about devices; 1.x does not tell its CUDA."""
        gpus = self._gpus()
        return {
            "gpus": gpus,
            "driver": host.gpu_driver() if gpus else None,
            "cuda": None,
            "cudnn": None,
            "numerics": {"tf32": None, "oneDnn": None, "deterministicOps": None},
        }

    def build(
        self, problem: base.Problem, optimizer: base.Optimizer, *, given_masks: bool
    ) -> base.Program:
        """Build the problem in the default graph and open a session."""
        tf = self._tf
        session = tf.Session(config=self._config)
        if isinstance(problem, (base.Mlp, base.Cnn)):
            return graph_keras.program(tf, session, problem, optimizer, given_masks=given_masks)
        return graph_program.program(tf, session, problem, optimizer)

    def begin_own_code(self) -> None:
        """Give Keras a session with the plan's threads before the user's code makes one."""
        super().begin_own_code()
        if hasattr(self._tf, "keras"):
            self._tf.keras.backend.set_session(self._tf.Session(config=self._config))

    def permutation(self, count: int) -> np.ndarray:
        """Shuffle as fit of 1.x does: NumPy's global generator."""
        order = np.arange(count)
        np.random.shuffle(order)  # noqa: NPY002 - it is what fit uses
        return order

    def are_drawn(self, variables: List[Any]) -> List[bool]:
        """Ask the graph, beside Keras's session."""
        session = self._tf.keras.backend.get_session()
        return own_initial.are_drawn_in_graph(self._tf, variables, session)

    def assign_weights(self, model: Any, weights: Dict[str, np.ndarray]) -> None:
        """Load each of the variables in Keras's session."""
        session = self._tf.keras.backend.get_session()
        for name, variable in own_names.trainable(model):
            if name in weights:
                variable.load(weights[name], session)

    def own_model(
        self,
        model: Any,
        inputs: np.ndarray,
        targets: np.ndarray,
        *,
        given_masks: bool,
        weighted: bool
    ) -> base.OwnModel:
        """Return the model as one session run."""
        if weighted:
            own_losses.refuse_weights(self.version)
        with own_compiled.AsCompiled(model):
            return OwnGraphModel(self._tf, model, inputs, targets, given_masks=given_masks)

    def device_peak(self) -> Tuple[Optional[int], Optional[str]]:
        """Return None: TensorFlow 1.x has no stable call for it."""
        return None, "TensorFlow {} does not report peak device memory".format(self.version)

    def _gpus(self) -> List[str]:
        if not self._tf.test.is_built_with_cuda():
            return []
        from tensorflow.python.client import device_lib

        found = []
        for device in device_lib.list_local_devices():
            if device.device_type == "GPU":
                match = re.search(r"name: ([^,]+)", device.physical_device_desc)
                found.append(match.group(1) if match else device.physical_device_desc)
        return found
