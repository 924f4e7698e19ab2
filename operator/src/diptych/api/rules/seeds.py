"""Seeds are a range or a list, each seed once, and none beyond 32 bits."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, at, integer_at, list_at
from diptych.api.rules.builtin import framework_of
from diptych.api.rules.unique import repeated
from diptych.api.seeds import MAX_SEEDS
from diptych_runner.contract import names

#: TensorFlow 1 reduces seeds by the largest prime below 2^31.
SEED_MODULUS = 2**31 - 1


def check(document: Document) -> Iterator[Finding]:
    """Yield seeds given in both ways, a range that ends too late, and repeated values."""
    given = [key for key in ("first", "count") if at(document, "spec", "seeds", key) is not None]
    if given and at(document, "spec", "seeds", "values") is not None:
        yield Finding(
            ("spec", "seeds", "values"),
            f"values and {' and '.join(given)} are both given",
            "keep values, or first and count",
        )
    first = integer_at(document, "spec", "seeds", "first", default=1)
    count = integer_at(document, "spec", "seeds", "count", default=10)
    in_bounds = 0 <= first <= names.LARGEST_SEED and 1 <= count <= MAX_SEEDS
    if in_bounds and first + count - 1 > names.LARGEST_SEED:
        yield Finding(
            ("spec", "seeds", "first"),
            f"the last seed, {first} + {count} - 1, must be at most {names.LARGEST_SEED}",
            "lower first or count",
        )
    yield from _repeated_values(document)


def _repeated_values(document: Document) -> Iterator[Finding]:
    values = list_at(document, "spec", "seeds", "values")
    whole = [(place, value) for place, value in enumerate(values) if type(value) is int]
    for place, value, earlier in repeated(whole):
        yield Finding(
            ("spec", "seeds", "values", place),
            f"{value} is values[{earlier}] too; seeds must be in 0..{names.LARGEST_SEED} and "
            "unique",
            "remove it",
        )
    if framework_of(document) != "tensorflow":
        return
    for place, _, earlier in repeated((place, value % SEED_MODULUS) for place, value in whole):
        if values[place] != values[earlier]:
            yield Finding(
                ("spec", "seeds", "values", place),
                f"{values[place]} and values[{earlier}] are one seed to TensorFlow 1, which takes "
                f"seeds modulo {SEED_MODULUS}",
                "change one of them",
            )
