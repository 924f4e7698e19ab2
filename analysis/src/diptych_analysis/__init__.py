"""Reads committed records and computes the verdict; see ARCHITECTURE.md."""
