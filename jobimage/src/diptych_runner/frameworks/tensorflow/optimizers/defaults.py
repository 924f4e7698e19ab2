"""What the optimizers of the imported version set by default, asked of the classes themselves."""

from typing import Any, Dict

from diptych_runner.contract import optimizers
from diptych_runner.frameworks import base
from diptych_runner.frameworks.tensorflow.optimizers import keras, train

#: For a class that has no default of its own; it is not reported.
_ANY = 0.5


def of_train(tf: Any, optimizer: str) -> Dict[str, float]:
    """Return the defaults of tf.train's class, by our names."""
    required = train.required(tf, optimizer)
    made = train.make(tf, base.Optimizer(optimizer, dict.fromkeys(required, _ANY), {}))
    return _own(optimizer, train.effective(made), required)


def of_keras(tf: Any, optimizer: str) -> Dict[str, float]:
    """Return the defaults of tf.keras's class, by our names."""
    made = keras.make(tf, base.Optimizer(optimizer, {}, {}))
    return _own(optimizer, keras.effective(made), ())


def of_keras_class(tf: Any, kind: str) -> Dict[str, float]:
    """Return the defaults of one of tf.keras's classes that serves several of our optimizers."""
    found = {}  # type: Dict[str, float]
    for name, row in optimizers.OPTIMIZERS.items():
        if row.keras == kind:
            found.update(of_keras(tf, name))
    return found


def _own(optimizer: str, found: Dict[str, Any], required: Any) -> Dict[str, float]:
    row = optimizers.OPTIMIZERS[optimizer]
    return {name: found[name] for name in row.parameters if name in found and name not in required}


def table(tf: Any) -> Dict[str, Dict[str, float]]:
    """Return the defaults of every class that this version has, by the class's name."""
    found = {}  # type: Dict[str, Dict[str, float]]
    for name, row in optimizers.OPTIMIZERS.items():
        if tf.__version__.startswith("1.") and train.serves(tf, name):
            found.setdefault(train.MODULE + str(row.train), {}).update(of_train(tf, name))
        if hasattr(tf, "keras") and hasattr(tf.keras.optimizers, row.keras):
            found.setdefault(keras.MODULE + row.keras, {}).update(of_keras(tf, name))
    return found
