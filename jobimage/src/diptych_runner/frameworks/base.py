"""The seam between workloads and frameworks: plain classes that adapters fill in.

(Python 3.5 knows no Protocol.)
"""

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple, Union

import numpy as np

Shape = Tuple[int, ...]

#: Minimise the mean of (x - y)^2 over a single variable x.
Quadratic = NamedTuple("Quadratic", [("x", float), ("y", float)])

#: One dense layer without activation, mean squared error.
LinearRegression = NamedTuple("LinearRegression", [("inputs", int), ("outputs", int)])

#: A classifier: flatten, dense ReLU (`hidden`), dropout, dense softmax (`outputs`).
#: `input_shape` is of one example; `loss` is one of LOSSES.
Mlp = NamedTuple(
    "Mlp",
    [
        ("input_shape", Shape),
        ("hidden", int),
        ("outputs", int),
        ("dropout", float),
        ("loss", str),
    ],
)

#: A convolutional classifier: a stem and CNN_STAGES stages of `depth` blocks of two convolutions;
#: `width` channels in the first stage, twice as many in each later one; dropout, dense softmax.
Cnn = NamedTuple(
    "Cnn",
    [
        ("input_shape", Shape),
        ("outputs", int),
        ("width", int),
        ("depth", int),
        ("batch_norm", bool),
        ("batch_norm_momentum", float),
        ("batch_norm_epsilon", float),
        ("residual", bool),
        ("dropout", float),
        ("loss", str),
    ],
)
CNN_STAGES = 3

CROSSENTROPY = "sparse_categorical_crossentropy"
#: mean(|y - yhat| + CUSTOM_LOSS_SQUARE * yhat^2), labels y (n, 1) against outputs yhat (n, 10).
CUSTOM = "custom"
CUSTOM_LOSS_SQUARE = 0.001
LOSSES = (CROSSENTROPY, CUSTOM)

#: An optimizer by its name in contract.optimizers. `given` are its parameters that must be taken;
#: `pinned` are the baseline's defaults, which a version that lacks one leaves out. What is in
#: neither is left to the version.
Optimizer = NamedTuple(
    "Optimizer",
    [("name", str), ("given", Dict[str, float]), ("pinned", Dict[str, float])],
)

Problem = Union[Quadratic, LinearRegression, Mlp, Cnn]

#: Masks by random layer's name, float32 of shape (rows, units); empty when the framework draws.
Masks = Dict[str, np.ndarray]

#: `weights` are of examples, for a model of the user's own that is fitted with some.
Batch = NamedTuple(
    "Batch",
    [
        ("inputs", np.ndarray),
        ("targets", np.ndarray),
        ("masks", Masks),
        ("weights", Optional[np.ndarray]),
    ],
)

#: A layer that drops units at random while training: its name, its width, the share it drops.
RandomLayer = NamedTuple("RandomLayer", [("name", str), ("units", int), ("rate", float)])

#: What was made explicit of an optimizer; what was left open and stays with the version; and what
#: the version itself sets of all that was left open.
Pinned = NamedTuple(
    "Pinned",
    [("pinned", Dict[str, str]), ("not_pinned", List[str]), ("defaults", Dict[str, float])],
)


class Unsupported(Exception):
    """This framework version cannot do what the plan asks of it; no retry would help."""


def random_layers(problem: Problem) -> List[RandomLayer]:
    """Return the layers of a problem that draw random numbers at every step."""
    if isinstance(problem, Mlp) and problem.dropout > 0:
        return [RandomLayer("dropout", problem.hidden, problem.dropout)]
    if isinstance(problem, Cnn) and problem.dropout > 0:
        return [RandomLayer("dropout", features_of(problem), problem.dropout)]
    return []


def features_of(problem: Cnn) -> int:
    """Return how many features its last stage gives to the classifier."""
    return int(problem.width * 2 ** (CNN_STAGES - 1))


def as_set(value: float) -> float:
    """Return a parameter as a float32 kernel gets it, in its shortest decimal spelling.

    One version reports the double that was asked for, another the float32 that it became.
    """
    return float(str(np.float32(value)))


class Program(object):
    """A problem built in one framework version, with its optimizer, ready to be stepped."""

    def weight_shapes(self) -> List[Tuple[str, Shape]]:
        """Return the names and shapes of the trainable weights, in the model's order."""
        raise NotImplementedError

    def assign_weights(self, weights: Dict[str, np.ndarray]) -> None:
        """Replace the initial weights."""
        raise NotImplementedError

    def step(self, batch: Batch) -> float:
        """Make one update; return the batch's loss under the weights before it."""
        raise NotImplementedError

    def probe(self, batch: Batch) -> Dict[str, np.ndarray]:
        """Return a batch's outputs, loss and gradients by their keys in probe.npz."""
        raise NotImplementedError

    def optimized(
        self, weights: Dict[str, np.ndarray], gradients: List[Dict[str, np.ndarray]]
    ) -> Dict[str, np.ndarray]:
        """Return what these updates make of these weights by another optimizer like it, if any."""
        raise NotImplementedError

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs, one row per example."""
        raise NotImplementedError

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, slots and optimizer scalars by their checkpoint keys."""
        raise NotImplementedError

    def permutation(self, count: int) -> np.ndarray:
        """Return the next epoch's order of `count` examples from the framework's generator."""
        raise NotImplementedError

    def uniform(self, shape: Shape) -> np.ndarray:
        """Return the next uniform numbers from 0 to 1 from the framework's generator."""
        raise NotImplementedError

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's parameters as the framework's own object reports them."""
        raise NotImplementedError

    def framework_metrics(self, _inputs: np.ndarray, _targets: np.ndarray) -> Dict[str, float]:
        """Return the framework's own metrics on a test set: their meaning changes with versions.

        Asked once, after training; none by default.
        """
        return {}


class OwnModel(Program):
    """A compiled model of the user's own, stepped as fit of its version steps it."""

    #: Whether fit is the one that TensorFlow 2.2 wrote anew: it validates a stopped epoch too.
    is_fit_rewritten = True
    #: After how many batches fit calls callbacks; None: it finds out itself.
    batches_at_once = 1  # type: Optional[int]
    #: The learning rate that the last step took; None: nobody knows.
    rate = None  # type: Optional[float]

    def is_of(self, model: Any) -> bool:
        """Return whether the model is still what this was built from: not compiled anew."""
        raise NotImplementedError

    def fitted(self, inputs: np.ndarray, targets: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return arrays as fit of this version feeds them: types, and the rank of labels."""
        raise NotImplementedError

    def random_layers(self) -> List[RandomLayer]:
        """Return the layers that take masks, with `given_masks`, in the order of their calls."""
        raise NotImplementedError

    def reset_metrics(self) -> None:
        """Begin an epoch of the compiled metrics."""
        raise NotImplementedError

    def metric_results(self) -> Dict[str, Any]:
        """Return the compiled metrics over the epoch's batches; none where fit has no such.

        A number each, or an array of a metric that has several.
        """
        raise NotImplementedError

    def finalize(self) -> None:
        """Do to the weights what fit does after the last epoch; nothing by default."""


class Framework(object):
    """One imported framework version. Nothing here may run before `begin` but the import."""

    name = ""
    version = ""
    #: Whether it has Keras models, which `run.keras` takes.
    has_keras = True

    def align_numerics(self) -> None:
        """Switch off what rounds otherwise by hardware or chance, beside the variables.

        Called before `begin`, under SharedNumerics alone; nothing by default.
        """

    def mirror(self, replicas: int) -> None:
        """Let what `build` returns train on several devices at once; called before `begin`."""
        raise Unsupported("{} trains on one GPU, not on {}".format(self.name, replicas))

    def begin(self, seed: int, threads: int) -> Dict[str, int]:
        """Set threads, devices and the framework's global seed; return the seeds set."""
        raise NotImplementedError

    def defaults(self, _problem: Problem, _optimizer: str) -> Dict[str, float]:
        """Return the parameters that this version gives an optimizer when none is asked for."""
        return {}

    def optimizer_defaults(self) -> Dict[str, Dict[str, float]]:
        """Return what every optimizer class of this version sets, by class: the defaults' table."""
        raise NotImplementedError

    def describe(self) -> Dict[str, Any]:
        """Return gpus, driver, cuda, cudnn and numerics for environment.json."""
        raise NotImplementedError

    def build(self, problem: Problem, optimizer: Optimizer, *, given_masks: bool) -> Program:
        """Build a problem as a user of this version would.

        With `given_masks` the random layers take each batch's masks instead of drawing their own.
        """
        raise NotImplementedError

    def device_peak(self) -> Tuple[Optional[int], Optional[str]]:
        """Return peak device memory in bytes, or None and why it is not known."""
        raise NotImplementedError

    def begin_own_code(self) -> None:
        """Make what `begin` set hold for code that builds its own model; called after it."""

    def permutation(self, count: int) -> np.ndarray:
        """Return an order of `count` examples from the generator that fit uses."""
        raise NotImplementedError

    def built_weights(self, model: Any) -> Optional[List[Tuple[str, Shape]]]:
        """Return a model's trainable weights by name; None when it is not built yet."""
        raise NotImplementedError

    def drawn_weights(self, model: Any) -> List[Tuple[str, Shape]]:
        """Return those of a built model's trainable weights that hold what was drawn at random."""
        raise NotImplementedError

    def assign_weights(self, model: Any, weights: Dict[str, np.ndarray]) -> None:
        """Replace these of a built model's trainable weights."""
        raise NotImplementedError

    def metric_names(self, model: Any) -> List[str]:
        """Return the names of what a model's evaluate returns, in its order."""
        raise NotImplementedError

    def metric_names_shown(self, model: Any) -> Dict[str, str]:
        """Return what the framework calls those of `metric_names` that it calls otherwise."""
        raise NotImplementedError

    def pin_parameters(self, model: Any, defaults: Callable[[str], Dict[str, str]]) -> Pinned:
        """Set what a model's optimizer leaves to its version as `defaults` says of its class.

        What the code chose itself stays: it is part of what is compared.
        """
        raise NotImplementedError

    def own_model(
        self,
        model: Any,
        inputs: np.ndarray,
        targets: np.ndarray,
        *,
        given_masks: bool,
        weighted: bool
    ) -> OwnModel:
        """Return the user's compiled model as a program, built by some rows where it is not yet.

        `weighted`: every batch comes with weights of its examples.
        """
        raise NotImplementedError
