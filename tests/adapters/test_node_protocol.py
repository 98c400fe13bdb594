"""Answers leave at once on every connection, also on sockets that uvicorn opens for several processes."""

import asyncio
import socket
from threading import Thread
from typing import Any
from urllib.request import urlopen

import pytest
import uvicorn

from polisbridge.adapters.client_certificates import NodeProtocol

pytestmark = pytest.mark.enable_socket


async def empty(scope: Any, _: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def test_no_connection_waits_for_the_client_s_acknowledgement() -> None:
    seen = list[tuple[int, int]]()

    class Looking(NodeProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            opened = transport.get_extra_info("socket")
            before = opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            super().connection_made(transport)
            seen.append((before, opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))

    config = uvicorn.Config(empty, host="127.0.0.1", port=0, http=Looking, lifespan="off", log_config=None)
    opened = config.bind_socket()  # as uvicorn does for several processes
    opened.listen()
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
    thread.start()
    with urlopen(f"http://127.0.0.1:{opened.getsockname()[1]}/", timeout=30) as answer:
        assert answer.status == 200
    server.should_exit = True
    thread.join()

    assert [after != 0 for _, after in seen] == [True]
    assert seen[0][0] == 0, "uvicorn does it by itself now: the setting here can go"
