#!/usr/bin/env bash
# What a real node of a test cluster needs from the distribution: a container runtime, its network
# plugins, and what builds images without a container engine's daemon.
set -euo pipefail

programs=(containerd ctr runc iptables conntrack buildah debootstrap ip nsenter unshare mount)
missing=()
for name in "${programs[@]}"; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "$name" >/dev/null || missing+=("$name")
done
[[ -x /usr/lib/cni/bridge ]] || missing+=(containernetworking-plugins)
if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi
if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
  echo "a real node needs root on Debian, or these installed: ${missing[*]}" >&2
  exit 1
fi
apt-get update --quiet
DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends \
  containerd runc containernetworking-plugins iptables conntrack buildah debootstrap \
  iproute2 util-linux mount
