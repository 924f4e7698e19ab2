import dataclasses
import json

import pytest
import yaml
from tests.operator.kubernetes.builders import CONFIGURATION, UID, decided, item, job, observed

from diptych.api.load import load_text
from diptych.kubernetes import comparison as comparisons
from diptych.kubernetes.comparison import Accepted, Refused, accept, comparison_of
from diptych.kubernetes.jobs import children_of

DEFAULTS = ("registry/runner:tensorflow-2.1.0", "registry/runner:tensorflow-2.4.0")


def test_metadata_beyond_the_name_is_never_parsed() -> None:
    resource = item()
    resource["metadata"] |= {"generateName": "x", "labels": {"a": None}, "managedFields": "?"}
    resource["status"] = {"conditions": "no list", "trials": 7}
    assert isinstance(accept(comparison_of(resource), CONFIGURATION), Accepted)


def test_an_accepted_comparison_has_its_plan_its_store_and_its_images() -> None:
    versions = [{"name": "2.1.0"}, {"name": "b", "version": "2.4.0", "image": "mine:1"}]
    accepted = accept(comparison_of(item(versions=versions)), CONFIGURATION)
    assert isinstance(accepted, Accepted)
    assert accepted.plan.uid == UID
    assert accepted.images == ("registry/runner:tensorflow-2.1.0", "mine:1")
    assert accepted.place.uri == "s3://results/all"


def test_a_refusal_names_every_mistake_with_its_field() -> None:
    wrong = item(workload={"builtin": "nothing"}, baseline="9", control="SharedInit")
    refused = accept(comparison_of(wrong), CONFIGURATION)
    assert isinstance(refused, Refused)
    assert any(each.startswith("spec.workload.builtin: ") for each in refused.problems)
    assert any(each.startswith("spec.baseline: ") for each in refused.problems)


def test_what_the_operator_has_no_default_for_must_be_given() -> None:
    bare = dataclasses.replace(CONFIGURATION, runner_image=None, store=None)
    refused = accept(comparison_of(item()), bare)
    assert isinstance(refused, Refused)
    told = "\n".join(refused.problems)
    assert "spec.versions[0].image: must be given" in told
    assert "spec.storage.uri: must be given" in told


def test_a_plan_that_no_configmap_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "MAX_PLAN_BYTES", 1000)
    refused = accept(comparison_of(item()), CONFIGURATION)
    assert isinstance(refused, Refused)
    assert "a ConfigMap holds 1000" in refused.problems[0]


def test_the_resource_can_be_applied_again() -> None:
    written = comparisons.resource_text(comparison_of(item()))
    loaded = load_text(written, "resource.yaml")
    assert loaded.problems == []
    assert yaml.safe_load(written)["metadata"] == {"name": "mlp", "namespace": "team"}


def test_plan_json_is_the_same_bytes_each_time() -> None:
    texts = set()
    for _ in range(2):
        accepted = accept(comparison_of(item()), CONFIGURATION)
        assert isinstance(accepted, Accepted)
        texts.add(comparisons.plan_text(accepted.plan))
    (text,) = texts
    assert json.loads(text)["comparison"]["uid"] == UID


def test_an_image_that_ran_stays_whatever_the_operator_has_since() -> None:
    asked = {"name": "2.1.0", "image": "old/runner:2.1.0"}
    waits = {"name": "2.4.0", "image": "old/runner:2.4.0"}
    accepted = accept(comparison_of(item({"versions": [asked, waits]})), CONFIGURATION)
    assert isinstance(accepted, Accepted)
    assert accepted.images == DEFAULTS, "nothing ran, and a setting may be mended"
    # The other one stays, too: trials of two builds of the runner cannot be compared.
    ran = {**asked, "imageID": "old/runner@sha256:1"}
    accepted = accept(comparison_of(item({"versions": [ran, waits]})), CONFIGURATION)
    assert isinstance(accepted, Accepted)
    assert accepted.images == ("old/runner:2.1.0", "old/runner:2.4.0")


def test_a_job_s_image_is_its_version_s_whatever_the_operator_has_since() -> None:
    made = job(0, active=3)
    containers = [{"name": "injected", "image": "proxy:1"}, {"name": "trial", "image": "old:2.1.0"}]
    made["spec"]["template"] = {"spec": {"containers": containers}}
    status = decided(observed(item(), made)).status
    assert status is not None
    assert [each["image"] for each in status["versions"]] == ["old:2.1.0", DEFAULTS[1]]
    # Before its first status, and for an operator that has no default at all.
    bare = dataclasses.replace(CONFIGURATION, runner_image=None)
    other = {"name": "2.4.0", "image": "mine:1"}
    resource = comparison_of(item(versions=[{"name": "2.1.0"}, other]))
    kept = accept(resource, bare, children=children_of([made], UID))
    assert isinstance(kept, Accepted)
    assert kept.images == ("old:2.1.0", "mine:1")
    # Its next round is made with what the operator has by then.
    again = observed(item(status))
    assert again.accepted.images == DEFAULTS


def test_a_version_that_no_image_is_made_of_needs_one() -> None:
    versions = [{"name": "1.4.0"}, {"name": "a", "version": "1.4.99"}]
    refused = accept(comparison_of(item(versions=versions)), CONFIGURATION)
    assert isinstance(refused, Refused)
    (told,) = refused.problems
    assert told.startswith("spec.versions[1].image: must be given, for images are made by default")
    assert told.endswith("name an image with this version and the runner, or take 1.4.0")
    versions[1]["image"] = "mine:1"
    assert isinstance(accept(comparison_of(item(versions=versions)), CONFIGURATION), Accepted)


def test_what_is_no_mistake_and_worth_a_thought_is_a_remark() -> None:
    quiet = accept(comparison_of(item()), CONFIGURATION)
    assert isinstance(quiet, Accepted)
    assert quiet.remarks == ()
    resource = item(control="SharedMasks", workload={"builtin": "adam-quadratic"})
    accepted = accept(comparison_of(resource), CONFIGURATION)
    assert isinstance(accepted, Accepted)
    (remark,) = accepted.remarks
    assert remark.startswith("spec.control: SharedMasks changes nothing here")
    status = decided(observed(resource)).status
    assert status is not None
    assert remark in next(e["message"] for e in status["conditions"] if e["type"] == "Accepted")
