"""What a store says when it cannot be used.

StoreError               the message names the address, the operation and what to do
└── StoreUnreachable     no answer, or one that asks to come back later

Neither is an OSError: that is about one file, these are about the store as a whole. No message
holds credentials, nor what a server wrote beyond its error's code.
"""


class StoreError(Exception):
    """The store refused; the message names the address, the operation and what to do."""


class StoreUnreachable(StoreError):
    """The store gave no answer, or asked to come back later."""
