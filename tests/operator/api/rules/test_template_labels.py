from collections.abc import Callable

import pytest

Told = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize(
    "name",
    [
        "job-name",
        "controller-uid",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "kueue.x-k8s.io/queue-name",
        "diptych.dev/version",
    ],
)
def test_labels_that_others_set_are_reserved(told: Told, name: str) -> None:
    assert told(template={"metadata": {"labels": {name: "mine"}}}) == [
        (
            f"spec.template.metadata.labels.{name}",
            f'"{name}" is reserved: Kubernetes or Diptych sets it',
        )
    ]


def test_labels_of_one_s_own_are_taken(told: Told) -> None:
    labels = {"team": "a", "example.org/job-name": "b", "kueue.x-k8s.io/priority-class": "high"}
    assert told(template={"metadata": {"labels": labels}}) == []


@pytest.mark.parametrize("name", ["n" * 64, "a..b/name", "-a/name"])
def test_a_name_that_is_no_label_s_is_refused(told: Told, name: str) -> None:
    [(_, message)] = told(template={"metadata": {"labels": {name: "x"}}})
    assert message.startswith("must be a qualified name")
