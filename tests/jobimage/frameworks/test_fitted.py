"""An optimizer used as fit uses it; tests/integration/test_own_fits.py has real ones."""

from types import SimpleNamespace

import pytest

from diptych_runner.frameworks.tensorflow.optimizers import fitted


class Optimizer:
    """Notes what it applies; clips at 1."""

    applied = None

    def _clip_gradients(self, gradients):
        return [min(gradient, 1.0) for gradient in gradients]

    def apply_gradients(self, pairs):
        self.applied = pairs


@pytest.mark.parametrize(
    ("version", "applied"), [("2.1.0", 9.0), ("2.2.3", 1.0), ("2.3.4", 1.0), ("2.13.1", 9.0)]
)
def test_gradients_are_clipped_where_fit_does_it_and_not_the_optimizer(version, applied):
    optimizer = Optimizer()
    fitted.update(SimpleNamespace(__version__=version), optimizer, [9.0], ["w"])
    assert optimizer.applied == [(applied, "w")]
