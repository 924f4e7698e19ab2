"""The operator's process: everything wired together, and ended together.

If any part ends, all do, and the Deployment starts the process anew: nothing is half alive.
"""

import asyncio
import logging
import time
from typing import Any, cast

import kopf
import prometheus_client

from diptych.kubernetes import names, paths
from diptych.kubernetes.api import Api, Refusal
from diptych.kubernetes.clock import ServerClock
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.errors import Foreseen
from diptych.kubernetes.escalations import words_of
from diptych.kubernetes.freshness import Freshness
from diptych.kubernetes.handlers import registry_of
from diptych.kubernetes.keys import Key
from diptych.kubernetes.queue import Queue
from diptych.kubernetes.reconciler import Reconciler
from diptych.kubernetes.resync import resync_for_ever

logger = logging.getLogger(__name__)

#: Comparisons that are looked at side by side: a look waits for the API server, not for a CPU.
WORKERS = 8


class CannotStart(Exception):
    """The cluster lacks what the operator needs; the message says what, and what to do."""


async def run(configuration: Configuration) -> None:
    """Serve until a signal comes; raise when a part of the operator fails."""
    clock = ServerClock()
    api = await Api.connected(clock)
    try:
        await preflight(api, configuration)
        await _serve(api, configuration, clock)
    finally:
        await api.close()


async def preflight(api: Api, configuration: Configuration) -> None:
    """Raise CannotStart when a watch could not even be opened: kopf would wait in silence.

    A server that is away or overloaded lacks nothing: that is raised as it came.
    """
    for namespace in configuration.namespaces or (None,):
        where = f"in namespace {namespace}" if namespace else "in all namespaces"
        for path, what in (
            (paths.comparisons(namespace), "VersionComparisons"),
            (paths.jobs(namespace), "Jobs"),
        ):
            try:
                await api.list(path, limit=1)
            except Refusal as refusal:
                if refusal.answer.code == 404:
                    raise CannotStart(
                        f"the API server knows no {what}: install the CRD first, such as by "
                        "kubectl apply --server-side -k crds"
                    ) from None
                if refusal.answer.code == 401:
                    raise CannotStart(
                        "the API server does not accept the operator's credentials: "
                        f"{refusal.answer.message}; give it a valid token or kubeconfig"
                    ) from None
                if refusal.answer.code != 403:
                    raise
                raise CannotStart(
                    f"{what} cannot be listed {where}: {refusal.answer.message}; grant it, or "
                    "name the namespaces to serve in DIPTYCH_NAMESPACES"
                ) from None


async def _serve(api: Api, configuration: Configuration, clock: ServerClock) -> None:
    silence = configuration.watch_silence
    freshness = Freshness(time.monotonic(), silence)
    queue: Queue[Key] = Queue(time.monotonic)
    reconciler = Reconciler(api, configuration, freshness, time.monotonic, clock.now)
    host, _, port = configuration.metrics.rpartition(":")
    prometheus_client.start_http_server(int(port), host.strip("[]"))
    parts = [asyncio.create_task(queue.work(reconciler.look)) for _ in range(WORKERS)]
    parts.append(
        asyncio.create_task(
            resync_for_ever(api, configuration, queue, reconciler, freshness, time.monotonic)
        )
    )
    shell = asyncio.create_task(
        kopf.operator(
            registry=registry_of(queue, freshness, time.monotonic, silence),
            clusterwide=not configuration.namespaces,
            namespaces=configuration.namespaces,
            standalone=True,
            # By itself kopf asks for the user's name, and in the image there is none. Only peers
            # would see this, and there are none either.
            identity=cast("Any", names.OPERATOR),
            liveness_endpoint=f"http://{configuration.liveness}/healthz",
        )
    )
    try:
        done, _ = await asyncio.wait([shell, *parts], return_when=asyncio.FIRST_COMPLETED)
        for part in done:
            _end_with(part)
    finally:
        for part in [shell, *parts]:
            part.cancel()
        await asyncio.gather(shell, *parts, return_exceptions=True)


def _end_with(part: asyncio.Task[None]) -> None:
    """Raise what a part ended with: as Foreseen where an answer of the API server did it."""
    try:
        part.result()
    except Exception as error:
        words = words_of(error)
        if words is None:
            raise
        raise Foreseen(words) from None
