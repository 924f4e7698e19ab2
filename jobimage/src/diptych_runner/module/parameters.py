"""The parameters of a run: as in the YAML, with a word on a name that is not there."""

import difflib
from typing import Any, Dict


class ParameterMissing(KeyError):
    """The code asks for a parameter that the plan does not have."""

    def __str__(self) -> str:
        """Return the sentence: a KeyError would quote it."""
        return str(self.args[0])


class Parameters(Dict[str, Any]):
    """A dict whose KeyError says which parameters there are."""

    def __missing__(self, name: str) -> Any:
        """Raise ParameterMissing with the nearest name."""
        plain = {_plain(each): each for each in self}
        near = difflib.get_close_matches(_plain(str(name)), list(plain), n=1)
        raise ParameterMissing(
            "run.parameters has no {!r}{}; it has: {}".format(
                name,
                " (did you mean {!r}?)".format(plain[near[0]]) if near else "",
                ", ".join(sorted(self)) or "none",
            )
        )


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
