"""The objects of a comparison: the plan's ConfigMap and the Jobs, as they are made.

None is ever edited. Names and content follow from the comparison alone, so making one twice is
harmless.
"""

from typing import Any

from diptych.api.base import API_VERSION, KIND
from diptych.kubernetes import names
from diptych.kubernetes.comparison import Comparison

Body = dict[str, Any]


def labels_of(name: str, uid: str, part: names.Part | None) -> dict[str, str]:
    """Return the labels of a child: who made it, for which comparison, and what it is for."""
    labels = {
        names.MANAGED_BY: names.US,
        names.NAME: names.US,
        names.COMPARISON: names.slug(name),
        names.UID: uid,
    }
    if part is None:
        return labels
    labels[names.COMPONENT] = names.ANALYSIS if part.ordinal is None else names.TRIAL
    labels[names.ROUND] = str(part.round)
    if part.ordinal is not None:
        labels[names.VERSION] = str(part.ordinal)
    return labels


def metadata_of(comparison: Comparison, name: str, part: names.Part | None) -> Body:
    """Return the metadata of a child: it goes when its comparison goes."""
    return {
        "name": name,
        "namespace": comparison.namespace,
        "labels": labels_of(comparison.name, comparison.uid, part),
        "ownerReferences": [
            {
                "apiVersion": API_VERSION,
                "kind": KIND,
                "name": comparison.name,
                "uid": comparison.uid,
                "controller": True,
            }
        ],
    }
