"""Twin of frameworks/pytorch/optimizers.py, on classes that are called as those of torch.optim are.

The real ones are asked in tests/pytorch.
"""

import numpy as np
import pytest

from diptych_runner.frameworks import base
from diptych_runner.frameworks.pytorch import optimizers
from diptych_runner.frameworks.pytorch.layout import Weight

REQUIRED = object()


class Held(object):
    def __init__(self, parameters, **settings):
        self.param_groups = [dict(settings, params=parameters)]
        self.state = {}


class Adam(Held):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super(Adam, self).__init__(params, lr=lr, betas=betas, eps=eps)


class SGD(Held):
    def __init__(self, params, lr=REQUIRED, momentum=0):
        super(SGD, self).__init__(params, lr=lr, momentum=momentum)


class RMSprop(Held):
    def __init__(self, params, lr=1e-2, alpha=0.99, eps=1e-8):
        super(RMSprop, self).__init__(params, lr=lr, alpha=alpha, eps=eps)


class Tensor(object):
    def __init__(self, array):
        self.array = np.asarray(array)

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.array


class Optim(object):
    Adam, SGD, RMSprop = Adam, SGD, RMSprop


class Torch(object):
    __version__ = "9.9"
    optim = Optim

    @staticmethod
    def zeros(count):
        return Tensor(np.zeros(count))


def made(name, given=(), pinned=()):
    return optimizers.make(Torch, base.Optimizer(name, dict(given), dict(pinned)), ["p"])


def test_what_is_left_to_the_version_is_not_said_at_all():
    assert optimizers.effective(made("adam")) == {
        "optimizer": "torch.optim.Adam",
        "learningRate": 0.001,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
    }


def test_one_beta_leaves_the_other_to_the_version():
    assert made("adam", {"beta2": 0.5}).param_groups[0]["betas"] == [0.9, 0.5]
    both = made("adam", {"beta1": 0.25}, {"beta2": 0.5})
    assert both.param_groups[0]["betas"] == [0.25, 0.5]


def test_a_parameter_may_have_another_name_in_another_class():
    assert made("rmsprop", {"rho": 0.5}).param_groups[0]["alpha"] == 0.5
    assert optimizers.effective(made("rmsprop"))["rho"] == 0.99


def test_what_a_class_lacks_is_refused_when_asked_for_and_left_out_when_pinned():
    with pytest.raises(base.Unsupported) as caught:
        made("rmsprop", {"momentum": 0.5})
    assert str(caught.value) == "torch.optim.RMSprop of PyTorch 9.9 has no momentum"
    assert "momentum" not in optimizers.effective(made("rmsprop", {}, {"momentum": 0.5}))


@pytest.mark.parametrize("name", ["ftrl", "nadam"])
def test_a_class_that_this_version_lacks_is_refused(name):
    with pytest.raises(base.Unsupported) as caught:
        made(name)
    assert str(caught.value) == "PyTorch 9.9 has no " + name
    assert optimizers.defaults(Torch, name) == {}


def test_a_learning_rate_that_has_no_default_must_be_given():
    with pytest.raises(base.Unsupported) as caught:
        made("sgd")
    assert "torch.optim.SGD of PyTorch 9.9 has no learning rate of its own" in str(caught.value)
    assert optimizers.effective(made("sgd", {"learningRate": 0.1}))["learningRate"] == 0.1


def test_the_table_holds_what_classes_set_and_not_what_they_were_told():
    assert optimizers.table(Torch) == {
        "torch.optim.Adam": {
            "learningRate": 0.001,
            "beta1": 0.9,
            "beta2": 0.999,
            "epsilon": 1e-8,
        },
        "torch.optim.SGD": {"momentum": 0.0},
        "torch.optim.RMSprop": {"learningRate": 0.01, "rho": 0.99, "epsilon": 1e-8},
    }


def test_slots_lie_as_their_weights_and_a_count_is_a_number_however_it_is_kept():
    adam = made("adam")
    weights = [Weight("kernel", "k"), Weight("bias", "b")]
    assert optimizers.state(adam, weights) == {}
    moments = np.arange(6, dtype=np.float32).reshape(2, 3)
    adam.state["k"] = {"step": 7, "exp_avg": Tensor(moments), "max": None}
    adam.state["b"] = {"step": Tensor(np.float32(7))}
    found = optimizers.state(adam, weights)
    assert sorted(found) == ["slots/bias/step", "slots/kernel/exp_avg", "slots/kernel/step"]
    assert {array.dtype.str for array in found.values()} == {"<f4"}
    assert found["slots/kernel/step"].tobytes() == found["slots/bias/step"].tobytes()
    np.testing.assert_array_equal(found["slots/kernel/exp_avg"], moments.T)
