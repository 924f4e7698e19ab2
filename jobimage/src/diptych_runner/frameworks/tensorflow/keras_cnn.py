"""The image-cnn model in tf.keras: a small residual network, each part of it optional.

Stem, then three stages of blocks of two 3 x 3 convolutions each; the first block of a later stage
halves the image and doubles the channels. Global average pooling, dropout, softmax.
"""

from typing import Any, List, Tuple

from diptych_runner.frameworks import base

Layers = List[Tuple[str, Any]]


def model(tf: Any, problem: base.Cnn, *, given_masks: bool) -> Tuple[Any, Layers]:
    """Return the model and its layers with variables by our names, in the model's order."""
    layers = tf.keras.layers
    made = []  # type: Layers
    images = layers.Input(shape=problem.input_shape)
    x = _convolved(tf, problem, made, "stem", images, problem.width)
    x = layers.Activation("relu")(x)
    for stage in range(base.CNN_STAGES):
        for block in range(problem.depth):
            name = "stage{}/block{}".format(stage + 1, block + 1)
            halves = stage > 0 and block == 0
            x = _block(tf, problem, made, name, x, problem.width * 2**stage, halves=halves)
    x = layers.GlobalAveragePooling2D()(x)
    inputs = [images]
    if given_masks:
        inputs.append(layers.Input(shape=(base.features_of(problem),)))
        x = layers.Multiply()([x, inputs[1]])
    elif problem.dropout > 0:
        x = layers.Dropout(problem.dropout)(x)
    output = layers.Dense(problem.outputs, activation="softmax")
    made.append(("output", output))
    single = inputs if given_masks else images
    return tf.keras.models.Model(single, output(x)), made


def _block(  # noqa: PLR0913 - as a layer
    tf: Any, problem: base.Cnn, made: Layers, name: str, x: Any, channels: int, *, halves: bool
) -> Any:
    layers = tf.keras.layers
    strides = 2 if halves else 1
    y = _convolved(tf, problem, made, name + "/first", x, channels, strides)
    y = layers.Activation("relu")(y)
    y = _convolved(tf, problem, made, name + "/second", y, channels)
    if problem.residual:
        if halves:
            x = _convolved(tf, problem, made, name + "/shortcut", x, channels, strides, size=1)
        y = layers.Add()([y, x])
    return layers.Activation("relu")(y)


def _convolved(  # noqa: PLR0913, PLR0917 - a layer has as many arguments
    tf: Any,
    problem: base.Cnn,
    made: Layers,
    name: str,
    x: Any,
    channels: int,
    strides: int = 1,
    size: int = 3,
) -> Any:
    """Return a convolution, and its batch normalisation where there is one; then without a bias."""
    layers = tf.keras.layers
    convolution = layers.Conv2D(
        channels, size, strides=strides, padding="same", use_bias=not problem.batch_norm
    )
    made.append((name, convolution))
    y = convolution(x)
    if not problem.batch_norm:
        return y
    norm = layers.BatchNormalization(
        momentum=problem.batch_norm_momentum, epsilon=problem.batch_norm_epsilon
    )
    made.append((name + "/norm", norm))
    return norm(y)
