"""What every store can do; tests/jobimage/stores/contract.py holds all of them to it."""

from typing import Iterator, List, Optional


class Store(object):
    """Files by path under one address.

    Paths have forward slashes and are relative to the address. Whatever goes wrong with the store
    itself is a StoreError; a path without a file is None or False.
    """

    #: The address, for people: it holds no credentials.
    uri = ""

    def below(self, name: str) -> "Store":
        """Return the store of the paths under `name`."""
        raise NotImplementedError

    def check(self) -> List[str]:
        """Try everything that a run needs; return what a person should be warned of.

        Raises StoreError, and leaves nothing behind.
        """
        raise NotImplementedError

    def exists(self, path: str) -> bool:
        """Say whether there is a file at `path`."""
        raise NotImplementedError

    def size(self, path: str) -> Optional[int]:
        """Return a file's length in bytes; None when there is no such file."""
        raise NotImplementedError

    def read(self, path: str) -> Optional[bytes]:
        """Return a file's bytes; None when there is no such file."""
        raise NotImplementedError

    def write(self, path: str, content: bytes) -> None:
        """Write a whole file, or none of it; one that was there is replaced."""
        raise NotImplementedError

    def create(self, path: str, content: bytes) -> bool:
        """Write a file where there is none; say whether `content` is what lies there then.

        Of several writers exactly one is told True. One whose answer got lost may ask again.
        """
        raise NotImplementedError

    def begin(self, path: str) -> None:
        """Make `path` one of its parent's children, before there is a file below it."""
        raise NotImplementedError

    def children(self, path: str) -> List[str]:
        """Return the names right below `path`, sorted; none when there is no such path."""
        raise NotImplementedError

    def walk(self, path: str) -> Iterator[str]:
        """Yield the path of every file below `path`, in any order."""
        raise NotImplementedError

    def remove(self, path: str) -> None:
        """Remove every file below `path`."""
        raise NotImplementedError
