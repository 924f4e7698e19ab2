"""What evaluate and predict of a model were asked of: a script may ask of several data sets.

What the framework itself says of a metric is beside ours only when it is of the same examples, the
ones that `run.predictions` is about.
"""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple  # noqa: F401 - in type comments

import numpy as np

from diptych_runner.contract import hashing

#: An evaluation: after how many steps, of which inputs, and what it said.
_Evaluation = NamedTuple(
    "_Evaluation", [("step", int), ("inputs", Any), ("numbers", Dict[str, float])]
)
#: A prediction: of which inputs, what came out, and the array of inputs where it is one.
_Prediction = NamedTuple(
    "_Prediction", [("inputs", Any), ("outputs", Any), ("array", Optional[np.ndarray])]
)


class Asked(object):
    """The evaluations and predictions of a run, in their order."""

    def __init__(self) -> None:
        """Start with none."""
        self._evaluations = []  # type: List[_Evaluation]
        self._predictions = []  # type: List[_Prediction]
        self._tested = None  # type: Optional[_Prediction]

    def evaluated(self, step: int, inputs: Any, numbers: Dict[str, float]) -> None:
        """Note an evaluation after a step."""
        self._evaluations.append(_Evaluation(step, _content(inputs), numbers))

    def predicted(self, inputs: Any, outputs: Any) -> None:
        """Note a prediction."""
        array = inputs if isinstance(inputs, np.ndarray) else None
        self._predictions.append(_Prediction(_content(inputs), _content(outputs), array))

    def test(self, outputs: Any) -> None:
        """Note that these outputs count: of the prediction that made them, else of the last."""
        content = _content(outputs)
        made = [each for each in self._predictions if _is_same(each.outputs, content)]
        found = made or self._predictions
        self._tested = found[-1] if found else None

    @property
    def tested_on(self) -> Optional[np.ndarray]:
        """The inputs of what counts; None where they are no array, or not known."""
        return None if self._tested is None else self._tested.array

    def numbers(self, step: int) -> Dict[str, float]:
        """Return what was said last, after this step, of the inputs of what counts."""
        if self._tested is None:
            return {}
        found = [
            each.numbers
            for each in self._evaluations
            if each.step == step and _is_same(each.inputs, self._tested.inputs)
        ]
        return found[-1] if found else {}


def inputs_of(arguments: Tuple[Any, ...], named: Dict[str, Any]) -> Any:
    """Return what a call of evaluate or predict is about."""
    return arguments[0] if arguments else named.get("x")


def _content(value: Any) -> Any:
    """Return the sha256 of what an array holds, as a model sees it; another object as it is."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
        return value
    held = np.ascontiguousarray(value.astype(np.float32) if value.dtype.kind == "f" else value)
    return hashing.sha256_of_array(held.dtype.str, held.shape, held.tobytes())


def _is_same(left: Any, right: Any) -> bool:
    return left is right or (isinstance(left, str) and isinstance(right, str) and left == right)
