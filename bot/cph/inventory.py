"""Phones and encoding containers as they are now."""

import logging
from sys import intern
from typing import Final
from urllib.parse import quote

from bot.cph.call import Call
from bot.cph.calls import Calls
from bot.cph.governor import Kind
from bot.cph.wire import EncodeServerRow, EncodeServersBody, PhoneRow
from bot.divert.failures import Rejected
from bot.divert.phones import Phone

_log = logging.getLogger(__name__)
# The cloud says the same of an id it cannot read, does not know, and knows in another project.
_NO_SUCH_PHONE: Final = frozenset({"CPS.0004", "CPS.0005", "HTTP.404"})
_PAGE: Final = 100  # the most ListEncodeServers gives
_MOST_PAGES: Final = 200  # 20,000 servers
_CONTAINER: Final = 1
_RUNNING: Final = 1


async def read_phone(calls: Calls, phone_id: str) -> Phone | None:
    """Return one phone, None if this project has none of this id.

    Raises:
        CloudFailure: it cannot be read.
    """
    path = f"cloud-phone/phones/{quote(phone_id, safe='~')}"
    try:
        row = await calls.read(Call(Kind.PHONE, path), PhoneRow)
    except Rejected as refusal:
        if refusal.code in _NO_SUCH_PHONE:
            return None
        raise
    return phone(row.model_copy(update={"phone_id": row.phone_id or phone_id}))


async def read_containers(calls: Calls) -> frozenset[str]:
    """Return the servers with a running encoding container.

    Raises:
        CloudFailure: they cannot be read.
    """
    found: dict[tuple[str, str], EncodeServerRow] = {}
    for page in range(_MOST_PAGES):
        rows, known = await _containers(calls, page * _PAGE), len(found)
        found |= {(row.encode_server_id, row.server_id): row for row in rows}
        if len(rows) < _PAGE or len(found) == known:
            break
    else:
        _log.warning("the list of encoding containers did not end after %d pages", _MOST_PAGES)
    return frozenset(row.server_id for row in found.values() if _runs(row))


def phone(row: PhoneRow) -> Phone:
    """A fleet of many has few routes and servers: each is kept once."""
    route, server = intern(row.traffic_type), intern(row.server_id)
    return Phone(row.phone_id, route, server, row.phone_name, row.status or 0)


async def _containers(calls: Calls, offset: int) -> list[EncodeServerRow]:
    query = (("type", str(_CONTAINER)), ("limit", str(_PAGE)), ("offset", str(offset)))
    call = Call(Kind.CONTAINERS, "cloud-phone/encode-servers", query)
    return (await calls.read(call, EncodeServersBody)).encode_servers


def _runs(row: EncodeServerRow) -> bool:
    return row.type == _CONTAINER and row.status == _RUNNING and bool(row.server_id)
