"""Runs an example in a cluster and puts what kubectl prints of it into docs/kubernetes.md.

    python -m tools.update_kubernetes [--kubeconfig FILE] [--context NAME]

The cluster has the operator already: `make kind-up`, or `python -m tools.cluster up --level 2`.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import deploy, manifests
from tools.cluster.errors import ClusterError

PAGE = manifests.ROOT / "docs" / "kubernetes.md"
EXAMPLE = Path("manifests/examples/adam-1.2.1-vs-1.4.0.yaml")
NAME = "adam-1-2-1-vs-1-4-0"
BLOCK = re.compile(r"(<!-- kubernetes:begin[^\n]*-->\n).*(<!-- kubernetes:end -->)", re.DOTALL)
_TIMEOUT = "--timeout=20m"

Told = tuple[str, str]


def captured(kubectl: Sequence[str]) -> list[Told]:
    """Run the example; return each command as a user types it, with what it printed."""
    here = [*kubectl, "--namespace", deploy.NAMESPACE]
    deploy.run(here, "delete", "vcmp", NAME, "--ignore-not-found")
    applied = deploy.run(here, "apply", "--filename", str(manifests.ROOT / EXAMPLE))
    # kubectl makes its columns as wide as the first row needs, and that is empty until then.
    deploy.run(here, "wait", f"vcmp/{NAME}", "--for=condition=Accepted")
    watching = subprocess.Popen(
        [*here, "get", "vcmp", NAME, "--watch"], stdout=subprocess.PIPE, text=True
    )
    try:
        waited = deploy.run(here, "wait", f"vcmp/{NAME}", "--for=condition=Finished", _TIMEOUT)
    finally:
        watching.terminate()
        watched, _ = watching.communicate()
    described = deploy.run(here, "describe", "vcmp", NAME)
    path = "jsonpath={.status.summary.reason}"
    return [
        (f"kubectl apply -f {EXAMPLE}", applied),
        (f"kubectl get vcmp {NAME} --watch", watched),
        (f"kubectl wait vcmp/{NAME} --for=condition=Finished {_TIMEOUT}", waited),
        (f"kubectl describe vcmp {NAME} | sed -n '/^Events/,$p'", events(described)),
        (f"kubectl get vcmp {NAME} -o '{path}'", deploy.run(here, "get", "vcmp", NAME, "-o", path)),
    ]


def events(described: str) -> str:
    """Return the last part of what `kubectl describe` prints."""
    return described[described.index("\nEvents:") + 1 :]


def rendered(told: Sequence[Told]) -> str:
    """Return a terminal's text: a command, what it printed, the next.

    >>> print(rendered([("one", "1\\n"), ("two", "2  \\n")]), end="")
    ```
    $ one
    1
    <BLANKLINE>
    $ two
    2
    ```
    """
    parts = []
    for command, printed in told:
        lines = [line.rstrip() for line in printed.strip().splitlines()]
        parts.append("\n".join([f"$ {command}", *lines]))
    return "```\n" + "\n\n".join(parts) + "\n```\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the block between the markers; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.update_kubernetes")
    deploy.add_cluster_options(parser)
    try:
        block = rendered(captured(deploy.kubectl_of(parser.parse_args(arguments))))
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda m: m.group(1) + block + m.group(2), text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
