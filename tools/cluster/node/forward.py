"""Makes ports of a node's loopback reachable at the same ports of this machine's loopback.

A socket belongs to the network in which it was made: this listens here, then enters the node's
network for good, and connects there.
"""

import asyncio
import ctypes
import os
import socket
import sys

_CLONE_NEWNET = 0x40000000


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on until one side has had enough."""
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except (ConnectionError, OSError):
        writer.close()


async def serve(listeners: "list[socket.socket]") -> None:
    """Connect each that comes to the same port of the node."""
    for listener in listeners:
        port = listener.getsockname()[1]

        async def meet(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int = port
        ) -> None:
            try:
                their_reader, their_writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:  # nothing listens there just now
                writer.close()
                return
            await asyncio.gather(pump(reader, their_writer), pump(their_reader, writer))
            their_writer.close()
            writer.close()

        await asyncio.start_server(meet, sock=listener)
    await asyncio.Event().wait()


def main() -> None:
    """Take a process of the node and the ports."""
    pid, *ports = sys.argv[1:]
    listeners = [socket.create_server(("127.0.0.1", int(port)), backlog=256) for port in ports]
    with open(f"/proc/{pid}/ns/net", encoding="ascii") as network:  # noqa: PTH123
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(network.fileno(), _CLONE_NEWNET) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), network.name)
    asyncio.run(serve(listeners))


if __name__ == "__main__":
    main()
