#!/usr/bin/env bash
# Process 1 of a node: `unshare` gave it a network, mounts and processes of its own. It lays them
# out and then becomes the program that reaps what is orphaned. When it ends, the kernel ends every
# container and takes every mount and interface with it.
#
#   init.sh DATA STORE CGROUP ADDRESS REAPER
#     DATA    folder that goes with the cluster     STORE   containerd's images, kept between runs
#     CGROUP  name of the cgroup of all pods        ADDRESS of the node, with prefix length
set -euo pipefail
data=$1 store=$2 cgroup=$3 address=$4 reaper=$5

# Names of the world are not asked for: containerd learns at once that an image cannot be had.
echo "nameserver 127.0.0.1" >"$data/resolv.conf"
[[ -e /etc/resolv.conf ]] && mount --bind "$data/resolv.conf" /etc/resolv.conf

# A place for sockets and mounts that is short, empty and nobody else's.
mkdir -p "$data"/{run,kubelet,log}
mount --bind "$data/run" /run
mkdir -p /run/{kubelet,containerd,containerd-root,cni,netns,lock}
mount --bind "$data/kubelet" /run/kubelet
mount --make-shared /run/kubelet
mount --bind "$store" /run/containerd-root
mount --bind "$data/log" /var/log   # kubelet links its pods' logs below it

# Kubelet sets these for a whole machine, which is not ours: it finds files instead.
for name in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops \
  kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
  [[ -e /proc/sys/$name ]] || continue
  cat "/proc/sys/$name" >"$data/${name//\//-}"
  mount --bind "$data/${name//\//-}" "/proc/sys/$name"
done

# The network is new and leads nowhere: a bridge that only we are on. A default route has to be, or
# an address of a service has nowhere to go before kube-proxy's rules see it.
ip link set lo up
ip link add node0 type bridge
ip address add "$address" dev node0
ip link set node0 up
ip route add default dev node0
sysctl_of_network() { echo "$2" >"/proc/sys/net/$1"; }
sysctl_of_network ipv4/ip_forward 1
sysctl_of_network bridge/bridge-nf-call-iptables 1

# Pods' cgroups below one of this cluster's: two clusters do not meet.
if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
  mkdir -p "/sys/fs/cgroup/$cgroup"
  for place in /sys/fs/cgroup "/sys/fs/cgroup/$cgroup"; do
    for controller in cpu cpuset io memory pids; do
      echo "+$controller" >"$place/cgroup.subtree_control" 2>/dev/null || true
    done
  done
else
  for place in /sys/fs/cgroup/*/; do
    mkdir -p "$place$cgroup" 2>/dev/null || continue
    for part in cpus mems; do
      [[ -e ${place}cpuset.$part ]] && cat "${place}cpuset.$part" >"$place$cgroup/cpuset.$part"
    done
  done
fi
touch "$data/laid-out"
exec "$reaper"
