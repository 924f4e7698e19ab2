"""Writes a trial's record: files, hashes, and the one commit that makes them count."""
