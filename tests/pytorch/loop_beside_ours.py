"""Trains one model by the loop of any tutorial and once more by our program; prints both.

Run inside a PyTorch environment. Both start from the same seed and nothing else.
"""

import json
import sys
from typing import Any

import numpy as np
import torch

from diptych_runner import frameworks
from diptych_runner.data import images
from diptych_runner.frameworks import base
from diptych_runner.trials.batches import Batches, by_epoch, no_masks
from diptych_runner.workloads.task import Data

SEED, EXAMPLES, BATCH, EPOCHS = 7, 200, 32, 2


def main(version: str, optimizer: str) -> None:
    framework = frameworks.load("pytorch", version)
    whole = images.digits()
    data = Data("digits", whole.train_inputs[:EXAMPLES], whole.train_targets[:EXAMPLES], *whole[3:])
    framework.begin(SEED, 1)
    problem = base.Mlp(
        input_shape=(8, 8), hidden=128, outputs=10, dropout=0.2, loss=base.CROSSENTROPY
    )
    asked = base.Optimizer(optimizer, {"learningRate": 0.01}, {})
    program = framework.build(problem, asked, given_masks=False)
    batches = Batches(data, by_epoch(EXAMPLES, BATCH, program.permutation), no_masks)
    ours = []
    for _ in range(EPOCHS):
        ours += [program.step(batches.next()) for _ in range(-(-EXAMPLES // BATCH))]
        # Between epochs a model is evaluated, which must not move the generator.
        program.predict(data.test_inputs)
    theirs, weights = by_hand(data, optimizer)
    same = {
        name: bool(np.array_equal(program.tensors()["weights/" + name], array))
        for name, array in weights.items()
    }
    sys.stdout.write(json.dumps({"ours": ours, "theirs": theirs, "same": same}) + "\n")


def by_hand(data: Data, optimizer: str) -> tuple[list[float], dict[str, Any]]:
    """Return the losses and the weights of a loop that knows nothing of us."""
    torch.manual_seed(SEED)
    model = torch.nn.Sequential(
        torch.nn.Flatten(),
        torch.nn.Linear(64, 128),
        torch.nn.ReLU(),
        torch.nn.Dropout(0.2),
        torch.nn.Linear(128, 10),
    )
    made = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[optimizer](
        model.parameters(), lr=0.01
    )
    criterion = torch.nn.CrossEntropyLoss()
    examples = torch.utils.data.TensorDataset(
        torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    )
    losses = []
    loader = torch.utils.data.DataLoader(examples, batch_size=BATCH, shuffle=True)
    for _ in range(EPOCHS):
        for inputs, labels in loader:
            made.zero_grad()
            loss = criterion(model(inputs), labels)
            loss.backward()
            made.step()
            losses.append(loss.item())
    hidden, output = model[1], model[4]
    return losses, {
        "hidden/kernel": hidden.weight.detach().numpy().T,
        "hidden/bias": hidden.bias.detach().numpy(),
        "output/kernel": output.weight.detach().numpy().T,
        "output/bias": output.bias.detach().numpy(),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
