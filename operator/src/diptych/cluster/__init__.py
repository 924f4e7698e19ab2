"""A cluster as its users see it: comparisons are submitted to it and asked for, by kubeconfig.

The operator is none of it: that is diptych.kubernetes. This package may import diptych.plan and
diptych.api; the Kubernetes client is imported where it is used, for it takes a second.
"""
