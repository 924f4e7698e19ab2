"""Training code of the user's own, run as a trial: what it is given, and what is recorded of it.

A function `train(run)` is called with a Run. A script gets the same object by

    from diptych_runner.module import run

This package names no framework: what it does to a Keras model goes through the adapter.
"""
