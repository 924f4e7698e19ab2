"""Data sets of built-in workloads: digits that travel with the runner, or any npz by address.

Read once a block, before the first fork: a trial must not wait for the network, and all trials of
a block see the same bytes.
"""
