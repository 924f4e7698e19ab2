"""Keras's callbacks, called as fit calls them; and the history that fit returns.

All callbacks of an event share one dict of numbers, and the history takes what is in it in the end:
a callback may add a number that a later one, such as EarlyStopping, goes by.
"""

from typing import Any, Dict, List  # noqa: F401 - in type comments

import numpy as np

#: Keras marks those that a callback did not write itself.
_BATCH_ENDS = ("on_batch_end", "on_train_batch_end")


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


def params_of_old(model: Any, size: int, examples: int, *, validates: bool) -> Dict[str, Any]:
    """Return what callbacks are told of a fit up to 2.1, besides what they always are."""
    metrics = list(model.metrics_names)
    if validates:
        metrics.extend(["val_" + name for name in metrics])
    return {
        "batch_size": size,
        "samples": examples,
        "do_validation": validates,
        "metrics": metrics,
    }


class Callbacks(object):
    """The callbacks of one fit, and the mean loss of the epoch under way."""

    def __init__(
        self, model: Any, callbacks: Any, params: Dict[str, Any], *, running: bool
    ) -> None:
        """Take one callback, a list of them, or None.

        `running`: a batch's end tells means over the epoch so far, as fit does from 2.2 on, and not
        the batch's own.
        """
        several = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
        self._called = [each for each in several if each is not None]
        self._model = model
        self._running = running
        self.history = History(model, params)
        self._losses = []  # type: List[float]
        self._sizes = []  # type: List[int]
        self._batch = {}  # type: Dict[str, float]
        self._last = {}  # type: Dict[str, float]
        for each in self._called:
            each.set_params(params)
            each.set_model(model)
        model.history = self.history

    @property
    def hear_batches(self) -> bool:
        """Whether one does anything at the end of a batch."""
        return any(
            not all(
                getattr(getattr(each, name, None), "_is_default", False) for name in _BATCH_ENDS
            )
            for each in self._called
        )

    @property
    def stopped(self) -> bool:
        """Whether a callback asked for an end."""
        return bool(self._model.stop_training)

    def train_begin(self) -> None:
        """Begin."""
        self._model.stop_training = False
        self._call("on_train_begin", logs={})

    def train_end(self) -> None:
        """End; from 2.2 on fit tells its own numbers of the last epoch once more."""
        self._call("on_train_end", logs=dict(self._last) if self._running else {})

    def epoch_begin(self, epoch: int) -> None:
        """Begin an epoch."""
        self._losses, self._sizes = [], []
        self._call("on_epoch_begin", epoch, logs={})

    def batch_begin(self, place: int, size: int) -> None:
        """Begin a batch; up to 2.1 its end gets the same dict."""
        self._sizes.append(size)
        self._batch = {} if self._running else {"batch": place, "size": size}
        self._call("on_train_batch_begin", place, logs=self._batch)

    def batch_end(self, place: int, loss: float, metrics: Dict[str, float]) -> None:
        """End a batch; `metrics` are those of the epoch so far."""
        self._losses.append(loss)
        told = {} if self._running else self._batch
        told.update(metrics, loss=self._mean() if self._running else loss)
        self._call("on_train_batch_end", place, logs=told)

    def epoch_end(self, epoch: int, logs: Dict[str, float]) -> None:
        """End an epoch; its loss is the mean over its examples."""
        self._last = dict(logs, loss=self._mean())
        told = dict(self._last)
        self._call("on_epoch_end", epoch, logs=told)
        self.history.add(epoch, told)

    def _mean(self) -> float:
        return float(np.dot(self._losses, self._sizes) / sum(self._sizes))

    def _call(self, name: str, *place: int, logs: Dict[str, float]) -> None:
        for each in self._called:
            # Callbacks of 1.x know batches by another name.
            function = getattr(each, name, None) or getattr(
                each, name.replace("_train_batch", "_batch")
            )
            function(*place, logs)
