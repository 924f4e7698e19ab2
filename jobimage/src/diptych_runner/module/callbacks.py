"""Keras's callbacks, called as fit calls them; and the history that fit returns."""

from typing import Any, Dict, List  # noqa: F401 - in type comments

import numpy as np


class History(object):
    """What fit returns: numbers by epoch, as Keras's History has them."""

    def __init__(self, model: Any, params: Dict[str, Any]) -> None:
        """Start without an epoch."""
        self.model = model
        self.params = params
        self.epoch = []  # type: List[int]
        self.history = {}  # type: Dict[str, List[float]]

    def add(self, epoch: int, logs: Dict[str, float]) -> None:
        """Add an epoch's numbers."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)


class Callbacks(object):
    """The callbacks of one fit, and the mean loss of the epoch under way."""

    def __init__(self, model: Any, callbacks: Any, params: Dict[str, Any]) -> None:
        """Take one callback, a list of them, or None."""
        several = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
        self._called = [each for each in several if each is not None]
        self._model = model
        self.history = History(model, params)
        self._losses = []  # type: List[float]
        self._sizes = []  # type: List[int]
        for each in self._called:
            each.set_params(params)
            each.set_model(model)

    @property
    def stopped(self) -> bool:
        """Whether a callback asked for an end."""
        return bool(self._model.stop_training)

    def train_begin(self) -> None:
        """Begin."""
        self._model.stop_training = False
        self._call("on_train_begin")

    def train_end(self) -> None:
        """End."""
        self._call("on_train_end")

    def epoch_begin(self, epoch: int) -> None:
        """Begin an epoch."""
        self._losses, self._sizes = [], []
        self._call("on_epoch_begin", epoch)

    def batch_begin(self, place: int) -> None:
        """Begin a batch."""
        self._call("on_train_batch_begin", place)

    def batch_end(self, place: int, loss: float, size: int) -> None:
        """End a batch; callbacks get its own loss, in every version."""
        self._losses.append(loss)
        self._sizes.append(size)
        self._call("on_train_batch_end", place, loss=loss, batch=place, size=size)

    def epoch_end(self, epoch: int, logs: Dict[str, float]) -> None:
        """End an epoch; its loss is the mean over its examples."""
        weighted = np.dot(self._losses, self._sizes) / sum(self._sizes)
        told = dict(logs, loss=float(weighted))
        self._call("on_epoch_end", epoch, **told)
        self.history.add(epoch, told)

    def _call(self, name: str, *place: int, **logs: float) -> None:
        for each in self._called:
            # Callbacks of 1.x know batches by another name.
            function = getattr(each, name, None) or getattr(
                each, name.replace("_train_batch", "_batch")
            )
            function(*place, logs=dict(logs))
