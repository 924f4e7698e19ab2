"""Trials write to the store with one identity."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, at


def check(document: Document) -> Iterator[Finding]:
    """Yield a store with both a Secret and a ServiceAccount."""
    secret = at(document, "spec", "storage", "credentialsSecretRef")
    account = at(document, "spec", "storage", "serviceAccountName")
    if secret is not None and account is not None:
        yield Finding(
            ("spec", "storage", "serviceAccountName"),
            "credentialsSecretRef and serviceAccountName are both given",
            "keep the Secret for keys, or the ServiceAccount for workload identity",
        )
