"""The CustomResourceDefinition, rendered from the models: `python -m diptych.api.crd` prints it."""

import sys
from typing import Any

import yaml

from diptych.api.base import GROUP, KIND, VERSION
from diptych.api.schema import resource_schema

PLURAL = "versioncomparisons"

_HEADER = """\
# Generated from the models in operator/src/diptych/api; do not edit. To make it again:
#   uv run python -m diptych.api.crd > crds/versioncomparison.yaml
"""


def rendered_crd() -> str:
    """Return the text of crds/versioncomparison.yaml."""
    body = yaml.dump(
        crd(), Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True, indent=2
    )
    return _HEADER + body


def crd() -> dict[str, Any]:
    """Return the CustomResourceDefinition."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{PLURAL}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "names": {
                "kind": KIND,
                "listKind": f"{KIND}List",
                "plural": PLURAL,
                "singular": KIND.lower(),
                "shortNames": ["vcmp"],
                "categories": ["diptych"],
            },
            "scope": "Namespaced",
            "versions": [
                {
                    "name": VERSION,
                    "served": True,
                    "storage": True,
                    "subresources": {"status": {}},
                    "additionalPrinterColumns": columns(),
                    "schema": {"openAPIV3Schema": resource_schema()},
                }
            ],
        },
    }


def columns() -> list[dict[str, Any]]:
    """Return what `kubectl get` shows; priority 1 is shown with -o wide only."""
    finished = '.status.conditions[?(@.type=="Finished")].reason'
    return [
        _column("Versions", ".status.display.versions", "Versions compared, the baseline first."),
        _column(
            "Trials",
            ".status.display.trials",
            "Committed trials of all, at least.",
        ),
        _column("Verdict", ".status.summary.verdict", "Verdict, once there is one."),
        _column("Reason", finished, "Why it is finished, or why not yet."),
        _column("Age", ".metadata.creationTimestamp", "Time since it was made.", kind="date"),
        _column(
            "Phase", ".status.phase", "State, derived from the conditions and counts.", wide=True
        ),
        _column("Control", ".spec.control", "What is held equal for the verdict.", wide=True),
        _column("Queue", ".spec.queueName", "Kueue's LocalQueue.", wide=True),
        _column("Report", ".status.report.uri", "Address of the report.", wide=True),
    ]


def _column(
    name: str, path: str, description: str, *, kind: str = "string", wide: bool = False
) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": name,
        "type": kind,
        "jsonPath": path,
        "description": description,
    }
    return {**column, "priority": 1} if wide else column


class _Dumper(yaml.SafeDumper):
    """Writes lists indented, and every value out: no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


if __name__ == "__main__":
    sys.stdout.write(rendered_crd())
