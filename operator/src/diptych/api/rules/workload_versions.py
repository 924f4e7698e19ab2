"""A built-in workload runs in some frameworks, and may need one of some age.

mnist-mlp needs a TensorFlow that has tf.keras.
"""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document
from diptych.api.rules.builtin import framework_of, table_of
from diptych.api.rules.framework_versions import versions_of
from diptych_runner.contract import frameworks, tables


def check(document: Document) -> Iterator[Finding]:
    """Yield a framework that the workload does not run in, or versions that are too old for it."""
    workload = table_of(document)
    framework = framework_of(document)
    if workload is None or framework not in frameworks.frameworks():
        return
    if framework not in workload.frameworks:
        yield Finding(
            ("spec", "workload", "builtin"),
            f"{workload.name} does not run in {frameworks.named(framework).title}",
            "take another workload, or another framework",
        )
        return
    for path, version, _ in versions_of(document):
        # Anything else is not a version, and another rule's to report.
        if version[0].isdigit() and not tables.serves(workload, framework, version):
            yield Finding(
                path,
                f"{workload.name} needs version {workload.frameworks[framework]} or later, "
                f'got "{version[:40]}"',
                "take a later version, or another workload",
            )
