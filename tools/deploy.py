"""Puts everything into a running cluster and waits until it works.

`make kind-up` and the test cluster of tools/cluster both do it by this module, so that what is
tested is what is documented.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools import manifests
from tools.cluster.errors import ClusterError
from tools.cluster.progress import Step, quiet
from tools.cluster.progress import step as told

SECONDS_TO_START = 180
#: Where comparisons of the overlay kind live.
NAMESPACE = "comparisons"


#: The operator's Deployment.
OPERATOR = ("--namespace=diptych-system", "deployment/diptych-operator")


def deploy(
    kubectl: Sequence[str],
    gpus: int,
    folder: Path = manifests.KIND,
    *,
    restart: bool = False,
    step: Step = quiet,
) -> None:
    """Apply a kustomization and wait for its servers; raise ClusterError with kubectl's reason.

    `kubectl` is the command with whatever names the cluster. Each node is given `gpus` GPUs that
    nobody has: the scheduler counts them, and pods run on the CPU. `restart`: start the operator
    anew, whose image may be another under the same tag.
    """
    with step("applying the manifests"):
        run(kubectl, "apply", "--server-side", "--force-conflicts", "-k", str(folder))
        wait_for_comparisons(kubectl)
    give_gpus(kubectl, gpus)
    if restart:
        run(kubectl, "rollout", "restart", *OPERATOR)
    for deployment in _names(kubectl, "deployments"):
        with step(f"waiting for {deployment[-1]}"):
            run(kubectl, "rollout", "status", *deployment, f"--timeout={SECONDS_TO_START}s")
    for job in _names(kubectl, "jobs"):
        wait = ("--for=condition=Complete", f"--timeout={SECONDS_TO_START}s")
        with step(f"waiting for {job[-1]}"):
            run(kubectl, "wait", *wait, *job)


def wait_for_comparisons(kubectl: Sequence[str]) -> None:
    """Wait until the API server serves comparisons.

    Not by `kubectl wait --for=condition=Established`: it fails on a CRD without any condition yet.
    """
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            run(kubectl, "get", "versioncomparisons.diptych.dev", "--all-namespaces")
        except ClusterError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


def give_gpus(kubectl: Sequence[str], gpus: int, nodes: Sequence[str] = ()) -> None:
    """Write GPUs into the status of nodes, as a device plugin would; of every node by default."""
    resources = {"nvidia.com/gpu": str(gpus)}
    patch = json.dumps({"status": {"capacity": resources, "allocatable": resources}})
    for node in nodes or run(kubectl, "get", "nodes", "-o", "name").split():
        run(kubectl, "patch", node, "--subresource=status", "--type=merge", "-p", patch)


def run(kubectl: Sequence[str], *arguments: str) -> str:
    """Run kubectl and return what it printed; raise ClusterError with what it complained of."""
    ended = subprocess.run([*kubectl, *arguments], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise ClusterError(f"kubectl {' '.join(arguments)}: {ended.stderr.strip()}")
    return ended.stdout


def _names(kubectl: Sequence[str], kind: str) -> list[tuple[str, ...]]:
    """Return how to name each object of a kind that is part of Diptych."""
    everywhere = ("--all-namespaces", "--selector=app.kubernetes.io/part-of=diptych")
    listed = json.loads(run(kubectl, "get", kind, *everywhere, "-o", "json"))
    found = [each["metadata"] for each in listed["items"]]
    return [("--namespace", each["namespace"], f"{kind}/{each['name']}") for each in found]


def add_cluster_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a cluster."""
    parser.add_argument("--kubeconfig", help="kubectl's own choice if none")
    parser.add_argument("--context", help="the current one if none")


def kubectl_of(options: argparse.Namespace) -> list[str]:
    """Return kubectl with the cluster that the options name."""
    named = {"--kubeconfig": options.kubeconfig, "--context": options.context}
    chosen = [part for flag, value in named.items() if value for part in (flag, value)]
    return [str(manifests.kubectl()), *chosen]


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy to the cluster that the arguments name; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.deploy", description=__doc__)
    add_cluster_options(parser)
    parser.add_argument("--gpus", type=int, default=2, help="of each node")
    parser.add_argument("--restart", action="store_true", help="start the operator anew")
    options = parser.parse_args(arguments)
    try:
        deploy(kubectl_of(options), options.gpus, restart=options.restart, step=told)
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"the operator runs; apply comparisons with kubectl apply --namespace {NAMESPACE} -f FILE"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
