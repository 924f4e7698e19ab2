"""Programs of PyTorch: forward, backward, step, over named parameters on one device."""

from typing import Any, Dict, List, Tuple

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks import base
from diptych_runner.frameworks.pytorch import optimizers
from diptych_runner.frameworks.pytorch.layout import Weight, of_linear, to_array, to_numpy, turned


class TorchProgram(base.Program):
    """Named parameters and an optimizer of theirs."""

    def __init__(
        self, torch: Any, device: Any, weights: List[Weight], optimizer: base.Optimizer
    ) -> None:
        """Take parameters that are on the device already, in the model's order."""
        self._torch = torch
        self._device = device
        self._weights = weights
        self._asked = optimizer
        self._optimizer = optimizers.make(torch, optimizer, self._parameters())

    def weight_shapes(self) -> List[Tuple[str, base.Shape]]:
        """Return names and shapes, as they are recorded."""
        return [(name, to_array(parameter).shape) for name, parameter in self._weights]

    def assign_weights(self, weights: Dict[str, np.ndarray]) -> None:
        """Copy into each parameter."""
        with self._torch.no_grad():
            for name, parameter in self._weights:
                parameter.copy_(self._torch.from_numpy(turned(weights[name])))

    def step(self, batch: base.Batch) -> float:
        """Make one update, as every training loop does."""
        self._optimizer.zero_grad()
        _, loss = self._of_batch(batch)
        loss.backward()
        self._optimizer.step()
        return float(loss.item())

    def probe(self, batch: base.Batch) -> Dict[str, np.ndarray]:
        """Run forward and backward pass alone, and leave generators as they were."""
        torch = self._torch
        devices = [self._device] if self._device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices):
            forwarded, loss = self._of_batch(batch)
            gradients = torch.autograd.grad(loss, self._parameters())
        found = {
            names.OUTPUTS_KEY: to_numpy(self._outputs(forwarded)),
            names.LOSS_KEY: to_numpy(loss),
        }
        for (name, _), gradient in zip(self._weights, gradients):
            found[names.GRADIENTS_PREFIX + name] = to_array(gradient)
        return found

    def optimized(
        self, weights: Dict[str, np.ndarray], gradients: List[Dict[str, np.ndarray]]
    ) -> Dict[str, np.ndarray]:
        """Let another optimizer, made as the program's own, update parameters aside."""
        order = sorted(weights)
        # An update is elementwise: how a matrix lies does not matter.
        aside = [self._torch.nn.Parameter(self._on_device(weights[name])) for name in order]
        another = optimizers.make(self._torch, self._asked, aside)
        for given in gradients:
            for name, parameter in zip(order, aside):
                parameter.grad = self._on_device(given[name])
            another.step()
        return {name: to_numpy(parameter) for name, parameter in zip(order, aside)}

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return outputs (n, ...) of what is built for predicting."""
        with self._torch.no_grad():
            return to_numpy(self._outputs(self._forward(self._on_device(inputs), {})))

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, and slots once there are some."""
        kept = {names.WEIGHTS_PREFIX + name: to_array(value) for name, value in self._weights}
        kept.update(optimizers.state(self._optimizer, self._weights))
        return kept

    def permutation(self, count: int) -> np.ndarray:
        """Ask a DataLoader."""
        return permutation(self._torch, count)

    def effective_parameters(self) -> Dict[str, Any]:
        """Return what the optimizer holds."""
        return optimizers.effective(self._optimizer)

    def _parameters(self) -> List[Any]:
        return [weight.parameter for weight in self._weights]

    def _on_device(self, array: np.ndarray) -> Any:
        # A copy, for a tensor shares its array's memory.
        return self._torch.from_numpy(np.array(array, order="C")).to(self._device)

    def _of_batch(self, batch: base.Batch) -> Tuple[Any, Any]:
        """Return what is forwarded of a batch, and its loss, as in training."""
        forwarded = self._forward(self._on_device(batch.inputs), batch.masks)
        return forwarded, self._loss(forwarded, batch)

    def _forward(self, inputs: Any, masks: base.Masks) -> Any:
        """Return what the loss is computed of."""
        raise NotImplementedError

    def _loss(self, forwarded: Any, batch: base.Batch) -> Any:
        raise NotImplementedError

    def _outputs(self, forwarded: Any) -> Any:
        """Return outputs from what the loss is computed of."""
        return forwarded


class QuadraticProgram(TorchProgram):
    """(x - y)^2 over one parameter; batches are ignored."""

    def __init__(
        self, torch: Any, device: Any, problem: base.Quadratic, optimizer: base.Optimizer
    ) -> None:
        """Start x where the problem says."""
        self._x = torch.nn.Parameter(torch.tensor(problem.x, device=device))
        self._y = problem.y
        super().__init__(torch, device, [Weight("x", self._x)], optimizer)

    def _forward(self, inputs: Any, _masks: base.Masks) -> Any:
        return self._x.expand(len(inputs), 1)

    def _loss(self, _forwarded: Any, _batch: base.Batch) -> Any:
        return (self._x - self._y) ** 2


class RegressionProgram(TorchProgram):
    """One Linear and the mean squared error."""

    def __init__(
        self, torch: Any, device: Any, problem: base.LinearRegression, optimizer: base.Optimizer
    ) -> None:
        """Build the layer with PyTorch's default initialisation."""
        self._layer = torch.nn.Linear(problem.inputs, problem.outputs).to(device)
        self._criterion = torch.nn.MSELoss()
        super().__init__(torch, device, of_linear(self._layer), optimizer)

    def _forward(self, inputs: Any, _masks: base.Masks) -> Any:
        return self._layer(inputs)

    def _loss(self, forwarded: Any, batch: base.Batch) -> Any:
        return self._criterion(forwarded, self._on_device(batch.targets))


def permutation(torch: Any, count: int) -> np.ndarray:
    """Ask this version's own DataLoader: it takes its seeds from the global generator."""
    loader = torch.utils.data.DataLoader(range(count), batch_size=count, shuffle=True)
    return np.asarray(next(iter(loader)).numpy())
