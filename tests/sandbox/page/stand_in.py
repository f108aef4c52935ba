"""Stands in for the bot where a test wants it to misbehave: `python -m … ready|stubborn|dead`."""

import asyncio
import os
import signal
import sys

from aiohttp import web


async def serve(host: str, port: int) -> None:
    async def ready(_request: web.Request) -> web.Response:
        return web.json_response({})

    app = web.Application()
    app.add_routes([web.get("/readyz", ready)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    await asyncio.Event().wait()


def main(manner: str) -> None:
    if manner == "dead":
        sys.exit("the database is on fire")
    if manner == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    host, _, port = os.environ["CPH_BOT_LISTEN"].rpartition(":")
    asyncio.run(serve(host, int(port)))


if __name__ == "__main__":
    main(sys.argv[1])
