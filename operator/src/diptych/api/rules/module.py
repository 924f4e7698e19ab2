"""Code from a ConfigMap is a flat set of files: its keys know no folders."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, at, text_at


def check(document: Document) -> Iterator[Finding]:
    """Yield a dotted module beside a ConfigMap."""
    module = at(document, "spec", "workload", "module")
    entrypoint = text_at(module, "entrypoint") or ""
    name = entrypoint.partition(":")[0]
    if text_at(module, "configMap") is not None and "." in name:
        yield Finding(
            ("spec", "workload", "module", "entrypoint"),
            f'"{name[:40]}" is a module in a package, and the keys of a ConfigMap are files '
            "without folders",
            "name a module without a dot, or leave configMap out and put the code in the image",
        )
