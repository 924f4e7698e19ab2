"""What can go wrong with a cluster, in words for whoever ran the tests."""


class ClusterError(Exception):
    """A cluster, or a part of one, cannot be made or does not do what it should."""


class NotHere(ClusterError):
    """This machine lacks what the cluster needs; the message says what brings it."""
