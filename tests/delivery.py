"""A mail server on loopback that keeps what arrives, for tests that deliver a draft for real."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope


@dataclass
class Mailbox:
    """What arrived: the recipients of each message, and its bytes as they came over the wire."""

    port: int = 0
    arrived: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.arrived.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Serve SMTP on a free port of 127.0.0.1, as long as the block runs."""
    mailbox, ready = Mailbox(), threading.Event()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        loop, leave = asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(
            lambda: SMTP(mailbox, hostname="localhost", loop=loop), "127.0.0.1", 0
        )
        mailbox.port = server.sockets[0].getsockname()[1]
        loops.append((loop, leave))
        ready.set()
        await leave.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield mailbox
    finally:
        loop, leave = loops[0]
        loop.call_soon_threadsafe(leave.set)
        thread.join()
