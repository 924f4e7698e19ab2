"""torch.optim by our names: what a class takes, what it holds once made, what it keeps.

A class that has no default for its learning rate (SGD up to 2.0) must be given one. What an
optimizer keeps beside a weight (exp_avg, exp_avg_sq, step, ...) is made by its first update, and
not there before.
"""

import inspect
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from diptych_runner.contract import names, optimizers
from diptych_runner.frameworks import base
from diptych_runner.frameworks.pytorch.layout import Weight, to_array

MODULE = "torch.optim."

#: Our parameters by the arguments that a class may call them; the two betas are one argument.
_ARGUMENTS = {
    "learningRate": ("lr",),
    "epsilon": ("eps",),
    "initialAccumulator": ("initial_accumulator_value",),
    "momentum": ("momentum",),
    "rho": ("rho", "alpha"),
}
_BETAS = ("beta1", "beta2")
#: For a class that has no learning rate of its own; it is not reported.
_ANY = 0.5


def make(torch: Any, optimizer: base.Optimizer, parameters: Sequence[Any]) -> Any:
    """Return the optimizer of these tensors, leaving out what the plan leaves to the version.

    Raises Unsupported when this version lacks the class or a parameter that was asked for, or has
    no default for one that was not.
    """
    made = _class_of(torch, optimizer.name)
    if made is None:
        raise base.Unsupported("PyTorch {} has no {}".format(torch.__version__, optimizer.name))
    where = "{}{} of PyTorch {}".format(MODULE, made.__name__, torch.__version__)
    wanted = dict(optimizer.pinned, **optimizer.given)
    if "learningRate" not in wanted and _needs_a_rate(made):
        raise base.Unsupported("{} has no learning rate of its own; give one".format(where))
    given = {}  # type: Dict[str, Any]
    for ours, value in sorted(wanted.items()):
        argument = _argument_of(made, ours)
        if argument == "betas":
            given["betas"] = _with_beta(given.get("betas") or _own(made, "betas"), ours, value)
        elif argument is not None:
            given[argument] = value
        elif ours in optimizer.given:
            raise base.Unsupported("{} has no {}".format(where, ours))
    return made(list(parameters), **given)


def effective(made: Any) -> Dict[str, Any]:
    """Return the parameters that the optimizer holds for its tensors."""
    held = made.param_groups[0]
    reported = {"optimizer": MODULE + type(made).__name__}  # type: Dict[str, Any]
    for ours, arguments in _ARGUMENTS.items():
        for argument in arguments:
            if argument in held:
                reported[ours] = base.as_set(held[argument])
    for ours, value in zip(_BETAS, held.get("betas", ())):
        reported[ours] = base.as_set(value)
    return reported


def state(made: Any, weights: Sequence[Weight]) -> Dict[str, np.ndarray]:
    """Return what the optimizer keeps beside each weight, by checkpoint key.

    A count of updates is a number in one version and a tensor in the next: float32 here.
    """
    found = {}
    for name, parameter in weights:
        for slot, value in made.state.get(parameter, {}).items():
            key = "{}{}/{}".format(names.SLOTS_PREFIX, name, slot)
            if hasattr(value, "detach"):
                found[key] = to_array(value)
            elif value is not None:
                found[key] = np.asarray(value)
    return {key: array.astype(np.float32) for key, array in found.items()}


def defaults(torch: Any, optimizer: str) -> Dict[str, float]:
    """Return the defaults of an optimizer's class, by our names; none where there is no class."""
    made = _class_of(torch, optimizer)
    if made is None:
        return {}
    needed = {"learningRate": _ANY} if _needs_a_rate(made) else {}
    made = make(torch, base.Optimizer(optimizer, needed, {}), [torch.zeros(1)])
    found = effective(made)
    return {
        name: found[name]
        for name in optimizers.OPTIMIZERS[optimizer].parameters
        if name in found and name not in needed
    }


def table(torch: Any) -> Dict[str, Dict[str, float]]:
    """Return the defaults of every class that this version has, by the class's name."""
    found = {}  # type: Dict[str, Dict[str, float]]
    for name in optimizers.OPTIMIZERS:
        made = _class_of(torch, name)
        if made is not None:
            found.setdefault(MODULE + made.__name__, {}).update(defaults(torch, name))
    return found


def _class_of(torch: Any, optimizer: str) -> Any:
    name = optimizers.OPTIMIZERS[optimizer].torch
    return None if name is None else getattr(torch.optim, name, None)


def _argument_of(made: Any, ours: str) -> Optional[str]:
    known = inspect.signature(made.__init__).parameters
    arguments = ("betas",) if ours in _BETAS else _ARGUMENTS[ours]
    return next((argument for argument in arguments if argument in known), None)


def _own(made: Any, argument: str) -> Any:
    return inspect.signature(made.__init__).parameters[argument].default


def _needs_a_rate(made: Any) -> bool:
    # A marker of its own stands for "no default".
    return not isinstance(_own(made, "lr"), (int, float))


def _with_beta(betas: Sequence[float], ours: str, value: float) -> List[float]:
    return [value if name == ours else own for name, own in zip(_BETAS, betas)]
