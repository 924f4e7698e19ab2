"""The loss that a compiled Keras model is trained on, as each version's own code computes it."""

import functools
from typing import Any, Callable, Iterable

#: From inputs, targets, outputs and weights (or None) of a batch to its loss, with what layers add.
Loss = Callable[[Any, Any, Any, Any], Any]

#: What of a model trains it.
_TRAINING = ("fit", "make_train_function", "train_step")


class ModelUnknown(ValueError):
    """The model is trained in a way that its own code alone knows."""


def refuse_unknown(model: Any) -> None:
    """Raise ModelUnknown for a model that fit would not train by its compiled loss alone."""
    if getattr(model, "loss", None) is None:
        raise ModelUnknown("run.keras: the model is compiled without a loss")
    for name in _TRAINING:
        # Of the class: in the model's own place fit is ours.
        made = getattr(model if name != "fit" else type(model), name, None)
        if made is not None and not is_kerass_own(made):
            raise ModelUnknown(
                "run.keras: the model has a {} of its own; write the loop with run.batches and "
                "run.log".format(name)
            )
    # From 2.11 to 2.15 the name ends in V3.
    if type(model.optimizer).__name__.startswith("LossScaleOptimizer"):
        raise ModelUnknown(
            "run.keras: a scaled loss (mixed_float16) is not supported; write the loop with "
            "run.batches and run.log"
        )
    strategy = getattr(model, "distribute_strategy", None)
    if getattr(strategy, "num_replicas_in_sync", 1) > 1:
        raise ModelUnknown(
            "run.keras: the model is spread over several devices; write the loop with run.batches "
            "and run.log"
        )
    if len(getattr(model, "outputs", None) or [None]) != 1:
        raise ModelUnknown("run.keras: the model must have one output, it has several")


def refuse_state(layers: Iterable[Any]) -> None:
    """Raise ModelUnknown for a layer that goes on from where the last batch left it.

    A model of 2.x is called on its first rows to know its shapes, which would count as a batch.
    """
    for layer in layers:
        # Models inside say so of their layers; up to 2.1 a metric is a layer with a state, which
        # no step depends on.
        is_metric = hasattr(layer, "update_state") and hasattr(layer, "result")
        if getattr(layer, "stateful", False) and not hasattr(layer, "layers") and not is_metric:
            raise ModelUnknown(
                "run.keras: layer {} ({}) has stateful=True, which is not supported; leave it out, "
                "or write the loop with run.batches and run.log".format(
                    layer.name, type(layer).__name__
                )
            )


def refuse_weights(version: str) -> None:
    """Raise ModelUnknown: up to 2.1 weights are averaged in ways that only fit's own code knows."""
    raise ModelUnknown(
        "run.keras: fit takes class_weight and sample_weight here from TensorFlow 2.2 on, not in "
        "{}; leave them out, repeat the rows that count more, or weigh the loss in a loop with "
        "run.batches and run.log".format(version)
    )


def loss_of(tf: Any, model: Any) -> Loss:
    """Return the model's loss for code of 2.x that is built into a step."""
    if hasattr(model, "compute_loss"):

        def computed(inputs: Any, targets: Any, outputs: Any, weights: Any) -> Any:
            return model.compute_loss(x=inputs, y=targets, y_pred=outputs, sample_weight=weights)

        return computed
    if hasattr(model, "compiled_loss"):

        def compiled(_inputs: Any, targets: Any, outputs: Any, weights: Any) -> Any:
            return model.compiled_loss(
                targets, outputs, weights, regularization_losses=model.losses
            )

        return compiled
    return wrapped(tf, model)


def mask_of(outputs: Any) -> Any:
    """Return the mask that layers such as Embedding(mask_zero=True) gave the outputs, or None."""
    return getattr(outputs, "_keras_mask", None)


def wrapped(tf: Any, model: Any, added: Any = None) -> Loss:
    """Return the loss of versions that keep it as it was given: up to 2.1.

    `added` is what layers add; None: what the model has, of the call that is under way.
    """
    own, weight = _function(tf, model.loss), _loss_weight(model)

    def total(_inputs: Any, targets: Any, outputs: Any, _weights: Any) -> Any:
        loss = weight * own(targets, outputs, mask_of(outputs))
        losses = list(model.losses if added is None else added)
        return tf.add_n([loss] + losses) if losses else loss

    return total


def _loss_weight(model: Any) -> float:
    """Return what compile says that the loss of the one output counts."""
    given = model.loss_weights
    if isinstance(given, dict):
        return float(given.get(model.output_names[0], 1.0))
    return float(given[0]) if given else 1.0


def _function(tf: Any, loss: Any) -> Callable[[Any, Any, Any], Any]:
    """Return a loss of targets, outputs and mask, as fit makes one of a name or an object."""
    if isinstance(loss, (dict, list)):
        (loss,) = loss.values() if isinstance(loss, dict) else loss
    try:
        from tensorflow.python.keras.engine import training_utils

        made = training_utils.get_loss_function(loss)
    except (ImportError, AttributeError):
        # Up to 1.12 losses are functions, and fit takes their mean.
        return functools.partial(_mean, tf, tf.keras.losses.get(loss))
    return lambda targets, outputs, mask: made(
        targets, outputs, sample_weight=None if mask is None else tf.cast(mask, outputs.dtype)
    )


def _mean(tf: Any, own: Callable[[Any, Any], Any], targets: Any, outputs: Any, mask: Any) -> Any:
    """Return the mean of what a function says of each row, over what is not masked."""
    each = own(targets, outputs)
    if mask is not None:
        counted = tf.cast(mask, tf.keras.backend.floatx())
        each = each * counted / tf.reduce_mean(counted)
    # Row by row first, as fit does: it weighs rows before it takes their mean.
    inside = list(range(1, each.shape.ndims))
    return tf.reduce_mean(tf.reduce_mean(each, axis=inside) if inside else each)


def is_kerass_own(made: Any) -> bool:
    """Return whether Keras itself, and no script, made a function or a class."""
    return str(made.__module__).split(".")[0] in ("keras", "tensorflow", "tf_keras")
