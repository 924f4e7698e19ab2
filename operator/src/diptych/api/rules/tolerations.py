"""A toleration is one that Kubernetes accepts: its own rules, as its API server has them."""

from collections.abc import Iterator

from diptych.api.problems import Finding, Path
from diptych.api.raw import Document, at, list_at, text_at


def check(document: Document) -> Iterator[Finding]:
    """Yield a value with Exists, Equal without a key, seconds of a taint that ends no pod."""
    where = ("spec", "template", "spec", "tolerations")
    for place, toleration in enumerate(list_at(document, *where)):
        yield from _of_one((*where, place), toleration)


def _of_one(path: Path, toleration: object) -> Iterator[Finding]:
    operator = text_at(toleration, "operator") or "Equal"
    value = text_at(toleration, "value")
    if operator == "Exists" and value:
        yield Finding(
            (*path, "value"),
            f'must be left out with operator Exists, which takes any; got "{value[:63]}"',
            "remove it, or give operator: Equal",
        )
    if isinstance(toleration, dict) and operator == "Equal" and toleration.get("key") is None:
        yield Finding(
            (*path, "operator"),
            "must be Exists where key is left out, which means every taint; got Equal",
            "give a key, or operator: Exists",
        )
    if at(toleration, "tolerationSeconds") is None:
        return
    effect = text_at(toleration, "effect")
    if effect != "NoExecute":
        got = "every effect" if effect is None else effect[:63]
        yield Finding(
            (*path, "tolerationSeconds"),
            f"needs effect NoExecute, for other taints end no pod; got {got}",
            "give effect: NoExecute, or remove it",
        )
