"""The data set of the user's own code: arrays as they are in the file, loaded when asked for."""

from typing import Callable, Dict, Optional, Tuple

import numpy as np

from diptych_runner.module.errors import ModuleError

_KEYS = ("x_train", "y_train", "x_test", "y_test")


class Examples(object):
    """Arrays by key, and where they came from once somebody asked for them."""

    def __init__(self, source: str, load: Callable[[], Dict[str, np.ndarray]]) -> None:
        """Load nothing yet: code may bring its own data."""
        self._source = source
        self._load = load
        self._arrays = None  # type: Optional[Dict[str, np.ndarray]]

    @property
    def source(self) -> Optional[str]:
        """Where the data came from; None when nobody asked for it."""
        return None if self._arrays is None else self._source

    def arrays(self) -> Dict[str, np.ndarray]:
        """Return every array by its key."""
        if self._arrays is None:
            self._arrays = self._load()
        return dict(self._arrays)

    def pairs(self) -> Tuple[Tuple[np.ndarray, np.ndarray], Tuple[np.ndarray, np.ndarray]]:
        """Return (x_train, y_train), (x_test, y_test); raise ModuleError without these keys."""
        arrays = self.arrays()
        missing = [key for key in _KEYS if key not in arrays]
        if missing:
            raise ModuleError(
                "run.data: the data set has no {}; run.arrays has: {}".format(
                    " and no ".join(missing), ", ".join(sorted(arrays))
                )
            )
        x_train, y_train, x_test, y_test = (arrays[key] for key in _KEYS)
        return (x_train, y_train), (x_test, y_test)
