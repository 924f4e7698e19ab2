"""What is applied: it renders, it is valid, it grants what is said and no more."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from tests.manifests.conftest import ROOT, Objects
from tools import images, manifests

from diptych.kubernetes.configuration import from_environment

Render = Callable[[Path], Objects]

FOLDERS = {"base": manifests.BASE, "kind": manifests.KIND, "production": manifests.PRODUCTION}
COMPONENTS = [("workspace", "seaweedfs"), ("workspace", "namespaced"), ("monitoring",)]
#: Not Kubernetes' own, so that its schemas do not know it.
FOREIGN = {"ServiceMonitor"}
#: Settings that say what the operator would do without them.
AS_BY_DEFAULT = {"DIPTYCH_TRIAL_MEMORY"}


def of_kind(objects: Objects, kind: str) -> Objects:
    return [each for each in objects if each["kind"] == kind]


def only(objects: Objects, kind: str, name: str) -> dict[str, Any]:
    (found,) = (each for each in of_kind(objects, kind) if each["metadata"]["name"] == name)
    return found


def settings(objects: Objects) -> dict[str, str]:
    """Return the operator's settings, by the ConfigMap that its Deployment names."""
    operator = only(objects, "Deployment", "diptych-operator")
    (source,) = operator["spec"]["template"]["spec"]["containers"][0]["envFrom"]
    data: dict[str, str] = only(objects, "ConfigMap", source["configMapRef"]["name"])["data"]
    return data


def pod_templates(objects: Objects) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in objects:
        if each["kind"] in ("Deployment", "Job"):
            yield each["metadata"]["name"], each["spec"]["template"]["spec"]


def check(objects: Objects) -> None:
    """Validate every object by the published schemas, unknown fields included."""
    for each in objects:
        if each["kind"] not in FOREIGN:
            kubernetes_validate.validate(each, "1.34", strict=True)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_is_valid(name: str, render: Render) -> None:
    objects = render(FOLDERS[name])
    check(objects)
    assert only(objects, "CustomResourceDefinition", "versioncomparisons.diptych.dev")


@pytest.mark.parametrize("components", COMPONENTS, ids=" ".join)
def test_a_component_is_valid(
    components: tuple[str, ...], with_components: Callable[..., Objects]
) -> None:
    check(with_components(*components))


@pytest.mark.parametrize("components", [("workspace", "minio"), ("workspace", "seaweedfs")])
def test_every_pod_is_restricted_and_has_a_root_that_it_cannot_write(
    components: tuple[str, ...], with_components: Callable[..., Objects]
) -> None:
    templates = dict(pod_templates(with_components(*components)))
    assert len(templates) == 3
    for name, pod in templates.items():
        around = pod["securityContext"]
        assert around["runAsNonRoot"] is True
        assert around["runAsUser"] == 65532
        assert around["seccompProfile"] == {"type": "RuntimeDefault"}
        assert name == "diptych-operator" or pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert "memory" in container["resources"]["limits"]


def test_the_operator_may_do_this_and_nothing_else(render: Render) -> None:
    objects = render(manifests.BASE)
    granted = {
        (group, resource): set(rule["verbs"])
        for rule in only(objects, "ClusterRole", "diptych-operator")["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    assert granted == {
        ("diptych.dev", "versioncomparisons"): {"get", "list", "watch", "patch", "delete"},
        ("diptych.dev", "versioncomparisons/status"): {"patch"},
        ("batch", "jobs"): {"get", "list", "watch", "create", "delete"},
        ("", "configmaps"): {"get", "create"},
        ("", "pods"): {"get", "list"},
        ("", "events"): {"list", "create"},
    }
    (binding,) = of_kind(objects, "ClusterRoleBinding")
    assert binding["roleRef"]["name"] == "diptych-operator"
    assert of_kind(objects, "Role") == of_kind(objects, "RoleBinding") == []


def test_confined_it_may_do_it_in_one_namespace(with_components: Callable[..., Objects]) -> None:
    objects = with_components("workspace", "namespaced")
    assert of_kind(objects, "ClusterRoleBinding") == []
    (binding,) = of_kind(objects, "RoleBinding")
    assert binding["metadata"]["namespace"] == settings(objects)["DIPTYCH_NAMESPACES"]


def test_there_is_one_operator_at_a_time_with_the_images_of_this_release(render: Render) -> None:
    objects = render(manifests.BASE)
    operator = only(objects, "Deployment", "diptych-operator")["spec"]
    assert (operator["replicas"], operator["strategy"]) == (1, {"type": "Recreate"})
    names = images.images_of(images._parser().parse_args(["--versions", "2.4.0"]))
    built = [image.name for image in names]
    assert operator["template"]["spec"]["containers"][0]["image"] in built
    assert settings(objects)["DIPTYCH_ANALYSIS_IMAGE"] in built
    template = settings(objects)["DIPTYCH_RUNNER_IMAGE"]
    assert template.format(framework="tensorflow", version="2.4.0") in built


@pytest.mark.parametrize(
    "components", [("workspace", "minio"), ("workspace", "seaweedfs"), ("workspace", "namespaced")]
)
def test_the_operator_understands_its_settings(
    components: tuple[str, ...], with_components: Callable[..., Objects]
) -> None:
    given = settings(with_components(*components))
    understood = from_environment(given)
    # Every variable is one that changes something, so that none is misspelt.
    for name in given.keys() - {"DIPTYCH_ANALYSIS_IMAGE", *AS_BY_DEFAULT}:
        without = {key: value for key, value in given.items() if key != name}
        assert from_environment(without) != understood, name


def test_the_production_overlay_is_understood_too(render: Render) -> None:
    understood = from_environment(settings(render(manifests.PRODUCTION)))
    assert understood.store == "s3://results"


@pytest.mark.parametrize(
    ("store", "port"), [("minio", 9000), ("seaweedfs", 8333)], ids=["minio", "seaweedfs"]
)
def test_a_store_in_the_cluster_is_the_operators_and_trials_reach_it(
    store: str, port: int, with_components: Callable[..., Objects]
) -> None:
    objects = with_components("workspace", store)
    found = settings(objects)
    endpoint = f"http://{store}.{store}.svc:{port}"
    assert (found["DIPTYCH_STORE"], found["DIPTYCH_S3_ENDPOINT"]) == ("s3://results", endpoint)
    (service,) = (s for s in of_kind(objects, "Service") if s["metadata"]["namespace"] == store)
    assert service["spec"]["ports"][0]["port"] == port
    server = only(objects, "Deployment", store)["spec"]["template"]
    assert service["spec"]["selector"] == server["metadata"]["labels"]
    namespace = only(objects, "Namespace", store)
    assert namespace["metadata"]["labels"]["diptych.dev/object-store"] == "true"
    job = only(objects, "Job", "diptych-bucket")["spec"]["template"]["spec"]["containers"][0]
    assert {"name": "DIPTYCH_S3_ENDPOINT", "value": endpoint} in job["env"]
    # One key, in the server's namespace and in that of comparisons.
    secrets = of_kind(objects, "Secret")
    assert {secret["metadata"]["namespace"] for secret in secrets} == {store, "comparisons"}
    assert secrets[0]["data"] == secrets[1]["data"]
    assert {secret["metadata"]["name"] for secret in secrets} == {
        found["DIPTYCH_CREDENTIALS_SECRET"]
    }


def test_trials_reach_names_and_the_store_and_nothing_else(render: Render) -> None:
    policy = only(render(manifests.KIND), "NetworkPolicy", "diptych-trials")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in policy
    _, store = policy["egress"]
    (place,) = store["to"]
    assert place["namespaceSelector"]["matchLabels"] == {"diptych.dev/object-store": "true"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_names_are_found_in_every_cluster_and_nothing_else_by_them(
    folder: str, render: Render
) -> None:
    ours = [
        policy
        for policy in of_kind(render(FOLDERS[folder]), "NetworkPolicy")
        if policy["metadata"]["name"] in ("diptych-operator", "diptych-trials")
    ]
    assert ours
    for policy in ours:
        rule = policy["spec"]["egress"][0]
        # 5353 is OpenShift's; a cache on the node has an address of its own link.
        ports = {(port["port"], port["protocol"]) for port in rule["ports"]}
        assert ports == {(port, protocol) for port in (53, 5353) for protocol in ("UDP", "TCP")}
        namespaces, link = rule["to"]
        (chosen,) = namespaces["namespaceSelector"]["matchExpressions"]
        assert chosen["values"] == ["kube-system", "openshift-dns"]
        assert link == {"ipBlock": {"cidr": "169.254.0.0/16"}}


def test_the_operator_reaches_the_ports_that_api_servers_have(render: Render) -> None:
    _, server = only(render(manifests.BASE), "NetworkPolicy", "diptych-operator")["spec"]["egress"]
    assert [port["port"] for port in server["ports"]] == [443, 6443, 16443]


def test_production_lets_trials_reach_no_store_before_it_is_edited(render: Render) -> None:
    policy = only(render(manifests.PRODUCTION), "NetworkPolicy", "diptych-trials")["spec"]
    _, store = policy["egress"]
    # TEST-NET-1, which nobody has: whoever leaves it is told StoreUnreachable, and not let out.
    assert store["to"] == [{"ipBlock": {"cidr": "192.0.2.0/24"}}]


def test_rules_for_the_clouds_token_services_are_ready_to_be_uncommented() -> None:
    text = (manifests.PRODUCTION / "network-policy.yaml").read_text(encoding="utf-8")
    kept = len(yaml.safe_load(text)["spec"]["egress"])
    whole = yaml.safe_load(re.sub(r"^    # (?=[- ])", "    ", text, flags=re.MULTILINE))
    kubernetes_validate.validate(whole, "1.34", strict=True)
    rules = {
        (place["ipBlock"]["cidr"], port["port"])
        for rule in whole["spec"]["egress"][kept:]
        for place in rule["to"]
        for port in rule["ports"]
    }
    assert rules == {
        ("169.254.169.252/32", 988),
        ("169.254.169.254/32", 80),
        ("169.254.170.23/32", 80),
        ("192.0.2.0/24", 443),
    }


def test_a_key_is_in_no_object_but_for_trying_out(render: Render) -> None:
    assert of_kind(render(manifests.BASE), "Secret") == []
    assert of_kind(render(manifests.PRODUCTION), "Secret") == []


def test_what_is_installed_is_written_into_one_file(
    tmp_path: Path, kubectl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "dist" / "install.yaml"
    assert manifests.main(["--output", str(target)]) == 0
    assert target.read_text(encoding="utf-8") == manifests.rendered(manifests.BASE, kubectl)
    assert str(target) in capsys.readouterr().out


def test_a_folder_without_a_kustomization_is_told(
    tmp_path: Path, kubectl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert manifests.main([str(tmp_path), "--output", str(tmp_path / "x")]) == 1
    assert "kustomization" in capsys.readouterr().err


def test_every_folder_of_components_is_tried_here() -> None:
    tried = {name for names in COMPONENTS for name in names} | {"minio"}
    assert {path.name for path in (ROOT / "components").iterdir()} == tried
