"""What a cluster is doing now: one line a step, open while it lasts, then with its seconds."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

Step = Callable[[str], AbstractContextManager[object]]


def quiet(_what: str) -> AbstractContextManager[object]:
    """Tell nothing: of clusters that tests start."""
    return nullcontext()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Tell what is under way before it begins, and on the same line how long it took."""
    print(f"cluster: {what} ...", end="", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" not done", file=sys.stderr, flush=True)
        raise
    print(f" {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
