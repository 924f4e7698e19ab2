"""Which arguments a script gave to its optimizer: the rest it left to the version.

The value does not tell: what a script chose may be what one of the versions has by default. So the
constructors of Keras's optimizers note what they are called with. Keras itself calls them without
arguments for an optimizer that a script asks for by its name.
"""

import functools
import inspect
from typing import Any, Callable, FrozenSet, Iterator, Optional

from diptych_runner.contract import optimizers
from diptych_runner.frameworks.tensorflow.optimizers import keras

_NOTE = "_diptych_given"
#: Where versions keep the classes of these names, and their older or later ones.
_PLACES = ("legacy", "experimental")


def listen(tf: Any) -> None:
    """Let every known optimizer note what it is made with, from here on."""
    if not hasattr(tf, "keras"):
        return
    for made in _classes(tf):
        # One that inherits its constructor is made with it all the same.
        if not hasattr(vars(made).get("__init__"), _NOTE):
            made.__init__ = _noting(made, made.__init__)
            # What stands in Keras 3 for those up to 2.10 has none.
            if hasattr(made, "from_config"):
                made.from_config = _configuring(made)


def arguments(optimizer: Any) -> Optional[FrozenSet[str]]:
    """Return the names of the arguments that were given; None where nobody knows."""
    return vars(optimizer).get(_NOTE)  # type: ignore[no-any-return]


def _classes(tf: Any) -> Iterator[Any]:
    own = tf.keras.optimizers
    for place in [own] + [getattr(own, name) for name in _PLACES if hasattr(own, name)]:
        for row in optimizers.OPTIMIZERS.values():
            made = getattr(place, row.keras, None)
            if inspect.isclass(made):
                yield made


def _noting(made: Any, own: Callable[..., None]) -> Callable[..., None]:
    signature = inspect.signature(own)

    @functools.wraps(own)
    def noted(self: Any, *places: Any, **named: Any) -> None:
        # A class that inherits gives arguments of its own, whatever its script left out.
        if type(self) is made:
            vars(self)[_NOTE] = _given(signature, places, named)
        own(self, *places, **named)

    setattr(noted, _NOTE, True)
    return noted


def _configuring(made: Any) -> Any:
    """Return from_config that forgets what is given where it is everything.

    A whole configuration holds what one script chose and what another left to its version.
    """
    own, signature = made.from_config.__func__, inspect.signature(made.__init__)
    known = {each for names in keras.ARGUMENTS.values() for each in names}
    known.intersection_update(signature.parameters)

    @functools.wraps(own)
    def configured(cls: Any, *places: Any, **named: Any) -> Any:
        found = own(cls, *places, **named)
        if known <= (arguments(found) or frozenset()):
            del vars(found)[_NOTE]
        return found

    return classmethod(configured)


def _given(signature: inspect.Signature, places: Any, named: Any) -> FrozenSet[str]:
    """Return what is given and not None, which leaves the value to the version too."""
    found = dict(named)
    # The first is the object itself.
    found.update(zip(list(signature.parameters)[1:], places))
    return frozenset(name for name, value in found.items() if value is not None)
