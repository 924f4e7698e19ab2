"""What fit takes: arrays, and no argument that would train otherwise than is known here."""

from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np

from diptych_runner.module.errors import ModuleError

#: Arguments of fit that change nothing here.
_WITHOUT_EFFECT = frozenset(("workers", "use_multiprocessing", "max_queue_size"))
#: Packages that have callbacks of Keras's own.
_KERASS = ("keras", "tensorflow", "tensorflow_core")
#: What a callback is told of while it is validated.
_TESTED = ("on_test_begin", "on_test_end", "on_test_batch_begin", "on_test_batch_end")


def array(name: str, value: Any) -> np.ndarray:
    """Return one array; refuse what fit takes besides."""
    if value is None:
        raise ModuleError(
            "run.keras: fit needs arrays x and y, and {} is not given; make arrays of a data set "
            "that holds both".format(name)
        )
    if isinstance(value, (dict, list, tuple)) and not _is_plain(value):
        raise ModuleError("run.keras: fit takes one array as {}, not several".format(name))
    if hasattr(value, "numpy"):
        value = value.numpy()
    found = np.asarray(value)
    if found.dtype.kind not in "biuf" or found.ndim == 0:
        raise ModuleError(
            "run.keras: fit takes an array of numbers as {}, not {}; make arrays of a data set or "
            "a generator (numpy.concatenate([x for x, y in batches])), or write the loop with "
            "run.batches and run.log".format(name, type(value).__name__)
        )
    return found


def _is_plain(value: Any) -> bool:
    """Return whether a list is one of numbers, and not of arrays."""
    return not isinstance(value, dict) and not any(hasattr(each, "shape") for each in value)


def split(
    inputs: np.ndarray, targets: np.ndarray, share: float, validation: Any
) -> Tuple[np.ndarray, np.ndarray, Optional[Tuple[Any, Any]]]:
    """Return what is trained on and what is validated on; a share is taken from the end."""
    if len(inputs) != len(targets) or len(inputs) == 0:
        raise ModuleError(
            "run.keras: fit takes as many rows in x as in y, not {} and {}".format(
                len(inputs), len(targets)
            )
        )
    if validation is not None:
        if not isinstance(validation, (list, tuple)) or len(validation) != 2:
            raise ModuleError(
                "run.keras: fit takes validation_data as (x, y), not {}; make arrays of a data set "
                "(numpy.concatenate([x for x, y in batches]))".format(type(validation).__name__)
            )
        return inputs, targets, (validation[0], validation[1])
    if not share:
        return inputs, targets, None
    first = int(len(inputs) * (1.0 - share))
    return inputs[:first], targets[:first], (inputs[first:], targets[first:])


def refuse(others: Dict[str, Any], shuffle: Any) -> None:
    """Raise ModuleError for arguments that would change the training and are not known here.

    One of them is shuffle="batch", which mixes the rows of a batch and no more.
    """
    if isinstance(shuffle, str):
        raise ModuleError(
            "run.keras: fit takes shuffle as True or False, not {!r}; leave it out, or write the "
            "loop with run.batches and run.log".format(shuffle)
        )
    unknown = sorted(
        name for name, value in others.items() if value is not None and name not in _WITHOUT_EFFECT
    )
    if unknown:
        raise ModuleError(
            "run.keras: fit does not take {} here; leave it out, or write the loop with "
            "run.batches and run.log".format(", ".join(unknown))
        )


def refuse_unheard(callbacks: Any, metrics: List[str], heard: List[str]) -> None:
    """Raise ModuleError for a callback that goes by a metric of batches that is not told here.

    Keras would warn and go on, which trains longer than fit does.

    >>> refuse_unheard(None, ["loss", "acc"], ["loss"])
    """
    for each in callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]:
        monitor = getattr(each, "monitor", None)
        if monitor in metrics and monitor not in heard:
            raise ModuleError(
                "run.keras: {} monitors {}, which fit of TensorFlow 1.x does not tell here; let it "
                "monitor loss or, with validation_data, val_{}".format(
                    type(each).__name__, monitor, monitor
                )
            )


def refuse_tested(callbacks: Any) -> None:
    """Raise ModuleError for a callback of the code's own that hears of validation's batches.

    Keras's own, such as TensorBoard, do nothing there that a training goes by, but for a function
    that was given to one, as to LambdaCallback.

    >>> refuse_tested(None)
    """
    for each in callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]:
        for name in _TESTED:
            owner = next((c for c in type(each).__mro__ if name in vars(c)), None)
            is_own = owner is not None and owner.__module__.split(".")[0] not in _KERASS
            if is_own or name in getattr(each, "__dict__", {}):
                raise ModuleError(
                    "run.keras: {} has {}, which is not called while fit validates here; let it "
                    "hear on_epoch_end, whose logs have val_loss".format(type(each).__name__, name)
                )


def refused(name: str) -> Callable[..., None]:
    """Return what stands in the place of a method that trains, where only fit is known."""

    def refuse_it(*_given: Any, **_named: Any) -> None:
        raise ModuleError(
            "run.keras: {} is not taken over, only fit is; call model.fit with arrays, or write "
            "the loop without run.keras, with run.batches and run.log".format(name)
        )

    return refuse_it


def verbosity(verbose: Any) -> int:
    """Return how much fit would print, which here callbacks of the code's own do alone.

    >>> verbosity(None), verbosity("auto"), verbosity(2)
    (1, 1, 2)
    """
    return 1 if verbose in (None, "auto") else int(verbose)


def refuse_grouped(callbacks: Any, batches: Optional[int]) -> None:
    """Raise ModuleError for callbacks that fit calls only after several batches; here it is each.

    >>> refuse_grouped(["any"], 1) or refuse_grouped([], 4)
    """
    if callbacks and batches != 1:
        raise ModuleError(
            "run.keras: fit takes no callbacks of a model with steps_per_execution={}, for here "
            "they are called after each batch; compile it with steps_per_execution=1".format(
                "'auto'" if batches is None else batches
            )
        )
