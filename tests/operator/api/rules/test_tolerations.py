"""Kubernetes' own validation is the measure: what passes here must pass there."""

from collections.abc import Callable
from typing import Any

import pytest

Told = Callable[..., list[tuple[str, str]]]
HERE = "spec.template.spec.tolerations[0]"


def toleration(**fields: object) -> dict[str, Any]:
    return {"spec": {"tolerations": [fields]}}


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"key": "gpu", "operator": "Exists", "value": "yes"}, "value",
         'must be left out with operator Exists, which takes any; got "yes"'),
        ({"operator": "Equal", "value": "yes"}, "operator",
         "must be Exists where key is left out, which means every taint; got Equal"),
        ({"value": "yes"}, "operator",
         "must be Exists where key is left out, which means every taint; got Equal"),
        ({"key": "gpu", "operator": "Exists", "tolerationSeconds": 9}, "tolerationSeconds",
         "needs effect NoExecute, for other taints end no pod; got every effect"),
        ({"key": "gpu", "value": "yes", "effect": "NoSchedule", "tolerationSeconds": 0},
         "tolerationSeconds",
         "needs effect NoExecute, for other taints end no pod; got NoSchedule"),
    ],
)  # fmt: skip
def test_what_kubernetes_refuses_is_refused(
    told: Told, fields: dict[str, Any], path: str, message: str
) -> None:
    assert told(template=toleration(**fields)) == [(f"{HERE}.{path}", message)]


@pytest.mark.parametrize(
    "fields",
    [
        {"operator": "Exists"},
        {"key": "gpu", "operator": "Exists", "value": ""},
        {"key": "gpu"},
        {"key": "gpu", "value": "yes", "effect": "NoExecute", "tolerationSeconds": 0},
        {"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 9},
    ],
)
def test_what_kubernetes_takes_is_taken(told: Told, fields: dict[str, Any]) -> None:
    assert told(template=toleration(**fields)) == []
