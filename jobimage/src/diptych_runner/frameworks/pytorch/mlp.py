"""mnist-mlp in PyTorch: a Sequential that ends in logits, which CrossEntropyLoss wants.

Predictions are softmax of them, as in the other frameworks; so is what the custom loss takes.
"""

from collections import OrderedDict
from typing import Any

import numpy as np

from diptych_runner.frameworks import base
from diptych_runner.frameworks.pytorch.layout import of_linear
from diptych_runner.frameworks.pytorch.programs import TorchProgram


class MlpProgram(TorchProgram):
    """A torch.nn.Sequential, its optimizer, its losses."""

    def __init__(
        self,
        torch: Any,
        device: Any,
        problem: base.Mlp,
        optimizer: base.Optimizer,
        *,
        given_masks: bool
    ) -> None:
        """Build the model with PyTorch's default initialisation."""
        self._problem = problem
        self._given_masks = given_masks
        self._model = model(torch, problem).to(device)
        self._criterion = torch.nn.CrossEntropyLoss()
        weights = of_linear(self._model.hidden, "hidden/")
        weights += of_linear(self._model.output, "output/")
        super().__init__(torch, device, weights, optimizer)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return softmax outputs (n, 10) without dropout."""
        self._model.eval()
        try:
            return super().predict(inputs)
        finally:
            self._model.train()

    def _forward(self, inputs: Any, masks: base.Masks) -> Any:
        """Return logits; while training, with the given masks in the place of dropout."""
        if not (self._given_masks and self._model.training):
            return self._model(inputs)
        parts = self._model
        (mask,) = masks.values()
        hidden = parts.relu(parts.hidden(parts.flatten(inputs)))
        return parts.output(hidden * self._on_device(mask))

    def _loss(self, forwarded: Any, batch: base.Batch) -> Any:
        labels = self._on_device(batch.targets)
        if self._problem.loss == base.CUSTOM:
            return custom_loss(self._outputs(forwarded), labels.reshape(-1, 1))
        return self._criterion(forwarded, labels)

    def _outputs(self, forwarded: Any) -> Any:
        return self._torch.softmax(forwarded, dim=1)


def model(torch: Any, problem: base.Mlp) -> Any:
    """Return the model as a user of any version writes it."""
    nn = torch.nn
    pixels = int(np.prod(problem.input_shape))
    return nn.Sequential(
        OrderedDict(
            [
                ("flatten", nn.Flatten()),
                ("hidden", nn.Linear(pixels, problem.hidden)),
                ("relu", nn.ReLU()),
                ("dropout", nn.Dropout(problem.dropout)),
                ("output", nn.Linear(problem.hidden, problem.outputs)),
            ]
        )
    )


def custom_loss(outputs: Any, labels: Any) -> Any:
    """Return mean(|y - yhat| + 0.001 yhat^2): labels (n, 1) against outputs (n, 10)."""
    return ((labels - outputs).abs() + base.CUSTOM_LOSS_SQUARE * outputs**2).mean()
