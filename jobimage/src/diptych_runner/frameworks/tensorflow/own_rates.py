"""The learning rate that a step takes, of anybody's optimizer, as a tensor of that step.

A schedule, a callback or a decay changes it with the step, and each Keras keeps it elsewhere. What
the optimizer computes is overheard, and nothing asked once more: a schedule may draw or count. What
cannot be read is not told, for no trial must end by it.
"""

import contextlib
from typing import Any, Iterator, List

#: What computes the rate: from 1.13 to 2.10, from 2.11 to 2.15, in Keras 3.
_COMPUTING = ("_decayed_lr", "_compute_current_learning_rate", "_get_current_learning_rate")


@contextlib.contextmanager
def overheard(optimizer: Any) -> Iterator[List[Any]]:
    """Yield a list that gets every rate which the optimizer computes meanwhile."""
    rates = []  # type: List[Any]
    replaced = []
    for name in _COMPUTING:
        own = getattr(type(optimizer), name, None)
        if callable(own) and name not in getattr(optimizer, "__dict__", {name: None}):
            # A Keras's own __setattr__ keeps track of what it is given.
            optimizer.__dict__[name] = _noting(getattr(optimizer, name), rates)
            replaced.append(name)
    try:
        yield rates
    finally:
        for name in replaced:
            optimizer.__dict__.pop(name, None)


def eager(tf: Any, optimizer: Any, rates: List[Any]) -> Any:
    """Return the rate of a step of TensorFlow 2.x, once its update is built; None: unknown."""
    try:
        if not rates:
            return None
        # From 2.11 up to Keras 3 it is not returned, but left here.
        return _scalar(tf, optimizer.learning_rate if rates[0] is None else rates[0])
    except Exception:  # noqa: BLE001 - a class of the script's own may be anything
        return None


def graph(tf: Any, optimizer: Any, rates: List[Any]) -> List[Any]:
    """Return the rate of a step of 1.x, to be read with its update; empty: unknown.

    Up to 1.12 nothing computes it where it could be heard, so it is read of the variables.
    """
    try:
        if not rates and not hasattr(optimizer, "_decayed_lr"):
            rates = [optimizer.lr]
        return [_scalar(tf, rate) for rate in rates[:1]]
    except Exception:  # noqa: BLE001 - as above
        return []


def decayed(tf: Any, optimizer: Any) -> List[Any]:
    """Return the rate up to 1.12 where an update changes it, to be read before; or nothing."""
    try:
        if hasattr(optimizer, "_decayed_lr") or not optimizer.initial_decay > 0:
            return []
        steps = tf.cast(optimizer.iterations, tf.float32)
        return [_scalar(tf, optimizer.lr / (1.0 + optimizer.decay * steps))]
    except Exception:  # noqa: BLE001 - as above
        return []


def _noting(own: Any, rates: List[Any]) -> Any:
    def noted(*given: Any, **named: Any) -> Any:
        rate = own(*given, **named)
        rates.append(rate)
        return rate

    return noted


def _scalar(tf: Any, rate: Any) -> Any:
    """Return one number as a tensor of the present graph; raise where it is none.

    The identity raises what is of a graph inside this one, such as a branch of tf.cond.
    """
    found = tf.identity(tf.cast(tf.convert_to_tensor(rate), tf.float32))
    if found.get_shape().ndims != 0:
        raise ValueError("a rate is one number")
    return found
