"""From a comparison's folder to trusted records: the only package that reads a store.

A record counts by COMMIT, then manifest, then sha256, and by nothing else.
"""
