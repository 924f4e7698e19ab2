"""The operator: from a VersionComparison to its Jobs, its status and its Events.

`observe` reads, `decide` is a function of what was read, `apply` writes; kopf only says when to
look. This package may import diptych.plan, diptych.api and the runner's contract, and neither
NumPy nor the analysis: the operator never computes a number.
"""
