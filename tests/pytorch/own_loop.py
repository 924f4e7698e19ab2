# ruff: noqa: ANN401 - tensors
"""A loop of a user's own in PyTorch: what `run` gives where there is no fit."""

from typing import Any

import numpy as np
import torch

ROWS, UNITS, RATE = 64, 32, 0.5


def train(run: Any) -> None:
    """Train one epoch of a perceptron on the digits."""
    (x_train, y_train), (x_test, y_test) = run.data
    hidden, output = torch.nn.Linear(64, UNITS), torch.nn.Linear(UNITS, 10)
    named = {
        "hidden/kernel": hidden.weight,
        "hidden/bias": hidden.bias,
        "output/kernel": output.weight,
        "output/bias": output.bias,
    }
    given = run.initial_weights([(name, tuple(each.T.shape)) for name, each in named.items()])
    if given is not None:
        with torch.no_grad():
            for name, each in named.items():
                each.copy_(torch.from_numpy(given[name].T.copy()))
    optimizer = torch.optim.SGD(list(named.values()), lr=0.1)

    def logits(rows: Any, drop: Any) -> Any:
        flat = torch.from_numpy(np.asarray(rows, dtype=np.float32)).reshape(len(rows), -1)
        return output(drop(torch.relu(hidden(flat))))

    def weights() -> dict[str, Any]:
        return {name: each.detach().numpy().T.copy() for name, each in named.items()}

    run.checkpoint(weights())
    for places in run.batches(len(x_train), ROWS):
        mask = run.mask("dropout", len(places), UNITS, RATE)

        def drop(units: Any, mask: Any = mask) -> Any:
            if mask is None:
                return torch.nn.functional.dropout(units, RATE)
            return units * torch.from_numpy(mask)

        labels = torch.from_numpy(np.asarray(y_train[places], dtype=np.int64))
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(logits(x_train[places], drop), labels)
        loss.backward()
        optimizer.step()
        run.log(loss.item())
    run.checkpoint(weights())
    with torch.no_grad():
        outputs = torch.softmax(logits(x_test, lambda units: units), dim=1)
    run.predictions(outputs.numpy(), y_test)
