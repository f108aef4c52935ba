"""Servers of one project, and which of them have a running encoding container."""

from collections.abc import Collection
from contextlib import aclosing
from functools import partial
from operator import attrgetter
from typing import Final

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.governor import Kind
from bot.cph.lists import Listing, Page, read_list, whole_list
from bot.cph.wire import EncodeServerRow, EncodeServersBody, ServerRow, ServersBody
from bot.divert.selection import Server
from bot.divert.together import together

_PAGE: Final = 100  # the most that either list gives
_CONTAINER: Final = 1
_RUNNING: Final = 1
_FEW: Final = 2  # servers that are asked for one by one

Query = tuple[tuple[str, str], ...]


async def read_servers(calls: Calls, at_once: int) -> list[Server]:
    """Return all servers, by ListCloudPhoneServers.

    Raises:
        CloudFailure: they cannot be read.
    """
    listing = Listing("servers", partial(_servers, calls), attrgetter("server_id"), at_once)
    return [
        Server(row.server_id, row.server_name, row.status or 0) for row in await whole_list(listing)
    ]


async def read_containers(calls: Calls, servers: Collection[str]) -> frozenset[str]:
    """Return which of these servers have a running container, by ListEncodeServers.

    Raises:
        CloudFailure: they cannot be read.
    """
    wanted = frozenset(servers)
    if len(wanted) <= _FEW:
        found = await together(
            _running(calls, {server}, (("server_id", server),)) for server in sorted(wanted)
        )
        return frozenset[str]().union(*found)
    return await _running(calls, wanted, ())


async def _running(calls: Calls, wanted: Collection[str], query: Query) -> frozenset[str]:
    """Read until each server that is wanted was seen with a running container, or to the end."""
    listing = Listing("encoding containers", partial(_containers, calls, query), _key)
    left = set(wanted)
    async with aclosing(read_list(listing)) as pages:
        async for _, found in pages:
            left -= {row.server_id for _, row in found if _runs(row)}
            if not left:
                break
    return frozenset(wanted) - left


def _key(row: EncodeServerRow) -> str:
    """A row may lack its own id."""
    return f"{row.encode_server_id} {row.server_id}".strip()


def _runs(row: EncodeServerRow) -> bool:
    return row.type == _CONTAINER and row.status == _RUNNING


async def _servers(calls: Calls, offset: int) -> Page[ServerRow]:
    call = Call(Kind.SERVERS, "cloud-phone/servers", _stretch(offset))
    body = await calls.read(call, ServersBody)
    return Page(body.servers, _PAGE, body.count)


async def _containers(calls: Calls, query: Query, offset: int) -> Page[EncodeServerRow]:
    asked = (("type", str(_CONTAINER)), *_stretch(offset), *query)
    call = Call(Kind.CONTAINERS, "cloud-phone/encode-servers", asked)
    body = await calls.read(call, EncodeServersBody)
    return Page(body.encode_servers, _PAGE)


def _stretch(offset: int) -> Query:
    return ("limit", str(_PAGE)), ("offset", str(offset))
