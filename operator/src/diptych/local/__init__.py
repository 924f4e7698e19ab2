"""The local engine: the same plan on this machine, with a folder as the store."""
