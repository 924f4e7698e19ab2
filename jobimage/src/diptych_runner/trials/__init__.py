"""Runs trials: the loop, one attempt, one block."""
