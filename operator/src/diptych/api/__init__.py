"""The resource VersionComparison: its models, its rules, its schema for Kubernetes.

The pydantic models are the one source: the CRD is generated from them and both engines validate
with them. This package may import only the runner's contract, pydantic and PyYAML.
"""
