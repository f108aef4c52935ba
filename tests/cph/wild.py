"""A server that answers with exactly the bytes it was given, or with none."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Wild:
    """The last answer is given again and again. None: the connection is closed unanswered."""

    answers: Sequence[bytes | None]
    url: str = ""
    heads: list[str] = field(default_factory=list)  # the request lines and headers that came

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            await reader.readexactly(_length(head))
            answer = self.answers[min(len(self.heads), len(self.answers) - 1)]
            self.heads.append(head)
            if answer is not None:
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _length(head: str) -> int:
    lines = [line for line in head.lower().split("\r\n") if line.startswith("content-length:")]
    return int(lines[0].split(":")[1]) if lines else 0


def answer(status: int, body: str | bytes, **headers: str) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    fields = {"Content-Length": str(len(content)), "Connection": "close"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + content


@asynccontextmanager
async def wild(*answers: bytes | None) -> AsyncIterator[Wild]:
    server = Wild(answers)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        yield server
