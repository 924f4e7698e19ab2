"""Kubernetes clusters of our own for tests, on a machine with neither Docker nor a registry.

Every component is built from its Go module, once, into the user's cache folder. Level 1 is a real
control plane with nodes that kwok plays: no root, loopback alone. Level 2 adds a real node.
"""
