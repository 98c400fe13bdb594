"""A client that costs little: HTTP/1.1 over connections that stay open, the same bytes again and again."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

_GOOD = (b"200", b"201")


@dataclass
class Answered:
    """What came back: seconds of each answer, how many were not good, and how long it all took."""

    seconds: list[float] = field(default_factory=list)
    bad: int = 0
    last_bad: bytes = b""
    lasted: float = 0


@dataclass(frozen=True)
class Sender:
    """Where to send what."""

    port: int
    way: bytes

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a new connection."""
        return await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)

    async def once(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, found: Answered) -> None:
        """Send it and wait for the answer."""
        began = time.perf_counter()
        writer.write(self.way)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(size)
        found.seconds.append(time.perf_counter() - began)
        if head[9:12] not in _GOOD:
            found.bad, found.last_bad = found.bad + 1, body[:300]


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return a request as bytes."""
    kind = {"Content-Type": "application/json", "Content-Length": str(len(body))} if body else {}
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{key}: {one}" for key, one in {**kind, **(headers or {})}.items())]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def together(sender: Sender, connections: int, seconds: float) -> Answered:
    """Send over several connections, each as fast as answers come, for so long and at least once each."""
    found, began = Answered(), time.perf_counter()

    async def one() -> None:
        reader, writer = await sender.open()
        while True:
            await sender.once(reader, writer, found)
            if time.perf_counter() - began >= seconds:
                break
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    found.lasted = time.perf_counter() - began
    return found


async def steady(sender: Sender, rate: float, seconds: float) -> Answered:
    """Send so many a second, whether answers have come or not; a wait counts from when it should have been sent."""
    found, began = Answered(), time.perf_counter()
    free = list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()

    async def one(due: float) -> None:
        connection = free.pop() if free else await sender.open()
        try:
            await sender.once(*connection, found)
        except (asyncio.IncompleteReadError, ConnectionError):  # it was idle, and the server had closed it
            connection = await sender.open()
            await sender.once(*connection, found)
        found.seconds[-1] = time.perf_counter() - due
        free.append(connection)

    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    found.lasted = time.perf_counter() - began
    for _, writer in free:
        writer.close()
    return found
