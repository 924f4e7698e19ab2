"""PyTorch: seeds, devices, numeric switches, and which program serves which problem."""

import os
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.contract.versions import released
from diptych_runner.frameworks import base
from diptych_runner.frameworks.pytorch import optimizers, programs
from diptych_runner.frameworks.pytorch.mlp import MlpProgram
from diptych_runner.records import host


class PyTorch(base.Framework):
    """The adapter for PyTorch."""

    name = "pytorch"
    has_keras = False

    def __init__(self, torch: Any) -> None:
        """Take the imported module."""
        self._torch = torch
        # Wheels report the CUDA that they are built for too: 1.11.0+cu102.
        self.version = released(str(torch.__version__))

    def align_numerics(self) -> None:
        """Switch off TensorFloat-32, oneDNN and cuDNN's trials, and ask for deterministic kernels.

        1.12 no longer multiplies matrices in TensorFloat-32 by itself; earlier ones do.
        """
        torch = self._torch
        torch.use_deterministic_algorithms(True)  # noqa: FBT003 - it has no name
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cudnn.deterministic = True
        torch.backends.cudnn.benchmark = False
        torch.backends.mkldnn.set_flags(False)

    def begin(self, seed: int, threads: int) -> Dict[str, int]:
        """Set threads, then the seed of every device's generator."""
        torch = self._torch
        torch.set_num_threads(threads)
        # Once a process: every trial has one of its own.
        torch.set_num_interop_threads(threads)
        torch.manual_seed(seed)
        return {"pytorch": seed}

    def defaults(self, _problem: base.Problem, optimizer: str) -> Dict[str, float]:
        """Return what the class of torch.optim says of itself when nothing is asked for."""
        return optimizers.defaults(self._torch, optimizer)

    def optimizer_defaults(self) -> Dict[str, Dict[str, float]]:
        """Return the table's part of this version."""
        return optimizers.table(self._torch)

    def describe(self) -> Dict[str, Any]:
        """Return devices, build and numeric switches."""
        gpus, torch = self._gpus(), self._torch
        return {
            "gpus": gpus,
            "driver": host.gpu_driver() if gpus else None,
            "cuda": torch.version.cuda,
            # Asking loads its library.
            "cudnn": str(torch.backends.cudnn.version()) if gpus else None,
            "numerics": {
                "tf32": self._tf32(),
                "oneDnn": bool(torch._C._get_mkldnn_enabled()),
                "deterministicOps": bool(torch.are_deterministic_algorithms_enabled()),
            },
        }

    def build(
        self, problem: base.Problem, optimizer: base.Optimizer, *, given_masks: bool
    ) -> base.Program:
        """Build the problem on the first GPU that the plan shows, else on the CPU."""
        torch = self._torch
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        if isinstance(problem, base.Quadratic):
            return programs.QuadraticProgram(torch, device, problem, optimizer)
        if isinstance(problem, base.LinearRegression):
            return programs.RegressionProgram(torch, device, problem, optimizer)
        if isinstance(problem, base.Mlp):
            return MlpProgram(torch, device, problem, optimizer, given_masks=given_masks)
        raise base.Unsupported("PyTorch's adapter has no {}".format(type(problem).__name__))

    def device_peak(self) -> Tuple[Optional[int], Optional[str]]:
        """Return the most bytes that tensors took of the GPU at once."""
        if not self._torch.cuda.is_available():
            return None, "no GPU was used"
        return int(self._torch.cuda.max_memory_allocated()), None

    def permutation(self, count: int) -> np.ndarray:
        """Return the order of a DataLoader."""
        return programs.permutation(self._torch, count)

    def _gpus(self) -> List[str]:
        cuda = self._torch.cuda
        if not cuda.is_available():
            return []
        return [cuda.get_device_name(place) for place in range(cuda.device_count())]

    def _tf32(self) -> bool:
        if os.environ.get("NVIDIA_TF32_OVERRIDE") == "0":
            return False
        backends = self._torch.backends
        return bool(backends.cuda.matmul.allow_tf32 or backends.cudnn.allow_tf32)
