"""A comparison has at most 100,000 trials."""

from collections.abc import Iterator
from math import prod

from diptych.api.ladder import aspects_of, rungs_of
from diptych.api.problems import Finding
from diptych.api.raw import Document, at, integer_at, list_at, mapping_at, text_at
from diptych.api.seeds import MAX_SEEDS, MAX_SETTINGS
from diptych.api.spec import MAX_TRIALS
from diptych_runner.contract import names


def check(document: Document) -> Iterator[Finding]:
    """Yield a comparison of more trials than are allowed, with the product."""
    versions = min(len(list_at(document, "spec", "versions")), 16)
    parts = parts_of(document)
    trials = versions * sum(parts.values())
    if trials <= MAX_TRIALS:
        return
    spelled = " + ".join(f"{count} {what}" for what, count in parts.items() if count)
    yield Finding(
        ("spec",),
        f"{trials} trials ({versions} versions x ({spelled})) exceed {MAX_TRIALS}",
        "lower seeds, repeats or settings, or split the comparison",
    )


def parts_of(document: Document) -> dict[str, int]:
    """Return the trials of a version by what they are for; out of bounds counts as the bound."""
    seeds = _seeds(document)
    repeats = _bounded(document, "noiseFloor", "repeats", default=2, most=20) - 1
    noisy = min(_bounded(document, "noiseFloor", "seeds", default=3, most=MAX_SEEDS), seeds)
    rungs = len(_rungs(document))
    rung_seeds = min(_bounded(document, "attribution", "seeds", default=5, most=MAX_SEEDS), seeds)
    return {
        "seeds": seeds,
        "repeats for the noise floor": noisy * repeats,
        "in the sweep": seeds * _swept(document),
        "for attribution": rungs * (rung_seeds + min(noisy, rung_seeds) * repeats),
    }


def _seeds(document: Document) -> int:
    values = list_at(document, "spec", "seeds", "values")
    if values:
        return min(len(values), MAX_SEEDS)
    return _bounded(document, "seeds", "count", default=10, most=MAX_SEEDS)


def _swept(document: Document) -> int:
    sizes = [len(list_at(entry, "values")) for entry in list_at(document, "spec", "sweep")]
    return min(prod(sizes), MAX_SETTINGS) if sizes else 0


def _rungs(document: Document) -> list[str]:
    control = text_at(document, "spec", "control") or "Native"
    given = list_at(document, "spec", "attribution", "controls")
    ladder = {rung for rung in given if isinstance(rung, str) and rung in names.CONTROLS}
    if control not in names.CONTROLS:
        return []
    builtin = text_at(document, "spec", "workload", "builtin")
    parameters = mapping_at(document, "spec", "workload", "parameters")
    return rungs_of(control, sorted(ladder), aspects_of(builtin, parameters))


def _bounded(document: Document, part: str, name: str, *, default: int, most: int) -> int:
    if at(document, "spec", part) is None:
        return default
    return max(1, min(integer_at(document, "spec", part, name, default=default), most))
