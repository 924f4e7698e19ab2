"""PyTorch from 1.11 on: modules, a DataLoader's order and torch.optim, as in any tutorial."""

from diptych_runner.frameworks.base import Framework


def adapter() -> Framework:
    """Import PyTorch and return its adapter."""
    import torch

    from diptych_runner.frameworks.pytorch.framework import PyTorch

    return PyTorch(torch)
