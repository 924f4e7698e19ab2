"""The optimizers of built-in workloads: their classes by framework and their typed parameters.

In TensorFlow a built-in of the "train" interface uses tf.train where a version has the class there
(1.x), and tf.keras otherwise; one of the "keras" interface uses tf.keras alone. In PyTorch there is
torch.optim.
"""

from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

Value = Union[int, str, None]

#: `parameters` are what it takes, by our names; `own` are defaults that are the workloads' and not
#: a version's: no version has a momentum that deserves the name.
Optimizer = NamedTuple(
    "Optimizer",
    [
        ("train", Optional[str]),
        ("keras", str),
        ("torch", Optional[str]),
        ("parameters", Tuple[str, ...]),
        ("own", Dict[str, str]),
    ],
)

_ADAM = ("learningRate", "beta1", "beta2", "epsilon")

OPTIMIZERS = {
    "adam": Optimizer("AdamOptimizer", "Adam", "Adam", _ADAM, {}),
    "sgd": Optimizer("GradientDescentOptimizer", "SGD", "SGD", ("learningRate",), {}),
    "momentum": Optimizer(
        "MomentumOptimizer", "SGD", "SGD", ("learningRate", "momentum"), {"momentum": "0.9"}
    ),
    "rmsprop": Optimizer(
        "RMSPropOptimizer", "RMSprop", "RMSprop", ("learningRate", "rho", "momentum", "epsilon"), {}
    ),
    "adagrad": Optimizer(
        "AdagradOptimizer",
        "Adagrad",
        "Adagrad",
        ("learningRate", "initialAccumulator", "epsilon"),
        {},
    ),
    "adadelta": Optimizer(
        "AdadeltaOptimizer", "Adadelta", "Adadelta", ("learningRate", "rho", "epsilon"), {}
    ),
    "ftrl": Optimizer("FtrlOptimizer", "Ftrl", None, ("learningRate", "initialAccumulator"), {}),
    "nadam": Optimizer(None, "Nadam", "NAdam", _ADAM, {}),
    "adamax": Optimizer(None, "Adamax", "Adamax", _ADAM, {}),
}  # type: Dict[str, Optimizer]

#: Every parameter that belongs to some optimizer.
PARAMETERS = frozenset(name for row in OPTIMIZERS.values() for name in row.parameters)

DEFAULT = "adam"


def chosen(parameters: Mapping[str, Value]) -> str:
    """Return the optimizer that a workload's parameters name."""
    return str(parameters.get("optimizer") or DEFAULT)


def classes(framework: str, interface: str, optimizer: str) -> List[str]:
    """Return the classes that serve an optimizer, the preferred first.

    >>> classes("tensorflow", "train", "adam")
    ['tf.train.AdamOptimizer', 'tf.keras.optimizers.Adam']
    >>> classes("pytorch", "train", "adam"), classes("pytorch", "train", "ftrl")
    (['torch.optim.Adam'], [])
    """
    row = OPTIMIZERS[optimizer]
    if framework == "pytorch":
        return [] if row.torch is None else ["torch.optim." + row.torch]
    found = ["tf.keras.optimizers." + row.keras]
    if interface == "train" and row.train is not None:
        found.insert(0, "tf.train." + row.train)
    return found


def left_open(parameters: Mapping[str, Value]) -> List[str]:
    """Return the optimizer's parameters that are left to the version's own defaults."""
    row = OPTIMIZERS[chosen(parameters)]
    return [name for name in row.parameters if _is_open(row, parameters, name)]


def taken(optimizer: str, names: Sequence[str]) -> List[str]:
    """Return those of `names` that an optimizer takes, and those that belong to none."""
    own = OPTIMIZERS[optimizer].parameters
    return [name for name in names if name in own or name not in PARAMETERS]


def _is_open(row: Optimizer, parameters: Mapping[str, Value], name: str) -> bool:
    return name in parameters and parameters[name] is None and name not in row.own
