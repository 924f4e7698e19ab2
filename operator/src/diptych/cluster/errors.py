"""What a cluster says to its users.

ClusterError
├── Refused       the cluster will not have it as it is; the message has the server's words
└── NotThere      no cluster, no answer, or no such comparison
"""


class ClusterError(Exception):
    """Base: the message says what is wrong and what to do."""


class Refused(ClusterError):
    """The API server refused what it was sent."""


class NotThere(ClusterError):
    """There is no cluster to ask, or nothing of that name in it."""
