#!/usr/bin/env bash
# A cluster in Docker for trying out, by kind: `make kind-up`, `kind-test` and `kind-down`.
# What it applies is what the test cluster applies: tools/deploy.py.
set -euo pipefail
cd "$(dirname "$0")/.."

name=${KIND_CLUSTER:-diptych}
# The last two are what tests/e2e compares.
versions="${VERSIONS:-2.4.0 2.13.1} 1.2.1 1.4.0"
python=.venv/bin/python

need() {
    command -v "$1" >/dev/null || {
        echo "$1 is needed, and is not on PATH: $2" >&2
        exit 1
    }
}

need_kind() {
    need kind "https://kind.sigs.k8s.io/docs/user/quick-start#installation"
}

up() {
    need docker "https://docs.docker.com/engine/install"
    need_kind
    docker info >/dev/null
    local deploy=("$python" -m tools.deploy --context "kind-$name" --gpus 2)
    if kind get clusters | grep --quiet --line-regexp "$name"; then
        echo "The cluster $name is there"
        # Its operator has the image of the last time, under the tag of this one.
        deploy+=(--restart)
    else
        kind create cluster --name "$name" --config tools/kind.yaml
    fi
    # Plain Python images and CPU wheels: nobody has a GPU there, and they are far smaller.
    local image wanted=(operator analysis runner minio --accelerator cpu --versions "$versions")
    "$python" -m tools.images "${wanted[@]}" --builder docker
    for image in $("$python" -m tools.images "${wanted[@]}" --names); do
        kind load docker-image --name "$name" "$image"
    done
    "${deploy[@]}"
}

run_tests() {
    need_kind
    # Not local: the trap outlives this function.
    kubeconfig=$(mktemp)
    trap 'rm -f "$kubeconfig"' EXIT
    kind get kubeconfig --name "$name" >"$kubeconfig"
    DIPTYCH_E2E_KUBECONFIG=$kubeconfig "$python" -m pytest tests/e2e
}

case "${1:-}" in
up) up ;;
test) run_tests ;;
down)
    need_kind
    kind delete cluster --name "$name"
    ;;
*)
    echo "usage: tools/kind.sh up|test|down" >&2
    exit 2
    ;;
esac
