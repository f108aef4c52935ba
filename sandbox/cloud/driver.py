"""A client of the control port, for tests that watch and steer the cloud from outside."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp

from sandbox.cloud.control import PREFIX
from sandbox.cloud.control_shapes import (
    FleetWish,
    PhoneEdit,
    PhonePage,
    PhoneRemoval,
    PhoneState,
    SeenCall,
    ServerEdit,
    ServerState,
    Summary,
    Tally,
)
from sandbox.cloud.kinds import Kind
from sandbox.cloud.phone import Route
from sandbox.cloud.switches import Override, Switches

# 64-character ids still fit in a request line of 8 kB.
_IDS_A_QUESTION = 100


class ControlError(Exception):
    """The control port refused: the text is its reason."""


class CloudDriver:
    """Use as `async with CloudDriver(url) as cloud:`; `url` is the control port's origin."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/") + PREFIX
        # Proxies of the environment are not for the loopback address.
        self._session = aiohttp.ClientSession(trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def _ask(
        self, method: str, path: str, body: object = None, query: dict[str, str] | None = None
    ) -> Any:  # noqa: ANN401 - each caller reads its own shape
        url = self._url + path
        async with self._session.request(method, url, json=body, params=query) as answer:
            read = await answer.json()
            if answer.status >= 400:
                raise ControlError(read["error"])
            return read

    async def switches(self) -> Switches:
        return Switches.model_validate(await self._ask("GET", "/switches"))

    async def put_switches(self, switches: Switches) -> Switches:
        """Set all switches."""
        body = switches.model_dump(mode="json")
        return Switches.model_validate(await self._ask("PUT", "/switches", body))

    async def set(self, **switches: object) -> Switches:
        """Set some switches by name and leave the others."""
        return Switches.model_validate(await self._ask("PATCH", "/switches", switches))

    async def override(
        self,
        *kinds: Kind,
        calls: int | None = None,
        skip: int = 0,
        share: float = 1.0,
        **switches: object,
    ) -> None:
        """Set switches for the next `calls` calls of these kinds only; see `Override`."""
        override = Override(
            switches=switches, kinds=list(kinds), calls=calls, skip=skip, share=share
        )
        await self._ask("POST", "/overrides", override.model_dump(mode="json"))

    async def put_fleet(self, **recipe: Any) -> None:  # noqa: ANN401 - checked by FleetWish
        """Replace a fleet: phones, servers, seed, routing_share, odd_ids, lively, project_id."""
        wish = FleetWish(**recipe)
        await self._ask("PUT", "/fleet", wish.model_dump(mode="json"))

    async def edit_phones(self, ids: Sequence[str], **edit: Any) -> None:  # noqa: ANN401 - checked by PhoneEdit
        """Edit phones: name, status, route, or an order of `PhoneEdit`, which None undoes."""
        wish = PhoneEdit(ids=list(ids), **edit)
        await self._ask("PATCH", "/phones", wish.model_dump(mode="json", exclude_unset=True))

    async def remove_phones(self, ids: Sequence[str]) -> None:
        await self._ask("DELETE", "/phones", PhoneRemoval(ids=list(ids)).model_dump(mode="json"))

    async def phones(self, offset: int = 0, limit: int = 1000) -> PhonePage:
        """Return a page of phones as they really are, newest first."""
        query = {"offset": str(offset), "limit": str(limit)}
        return PhonePage.model_validate(await self._ask("GET", "/phones", query=query))

    async def phones_by_id(self, ids: Sequence[str]) -> dict[str, PhoneState]:
        """Return the phones that are there, by id."""
        found: dict[str, PhoneState] = {}
        for first in range(0, len(ids), _IDS_A_QUESTION):
            query = {"ids": ",".join(ids[first : first + _IDS_A_QUESTION])}
            page = PhonePage.model_validate(await self._ask("GET", "/phones", query=query))
            found |= {phone.id: phone for phone in page.phones}
        return found

    async def routes(self, ids: Sequence[str]) -> dict[str, Route]:
        """Return the routes the phones really have."""
        return {i: phone.route for i, phone in (await self.phones_by_id(ids)).items()}

    async def servers(self) -> list[ServerState]:
        answer = await self._ask("GET", "/servers")
        return [ServerState.model_validate(server) for server in answer["servers"]]

    async def edit_servers(self, names: Sequence[str], **edit: Any) -> list[str]:  # noqa: ANN401 - checked by ServerEdit
        """Edit servers: see `ServerEdit`. Return ids of phones made anew."""
        wish = ServerEdit(servers=list(names), **edit)
        body = wish.model_dump(mode="json", exclude_unset=True)
        made: list[str] = (await self._ask("PATCH", "/servers", body))["new_phone_ids"]
        return made

    async def calls(
        self, kind: Kind | None = None, since: float = 0.0, after: int = 0
    ) -> list[SeenCall]:
        """Return recorded calls: since a time (epoch seconds), numbered above `after`."""
        query = {"since": repr(since), "after": str(after)} | ({"kind": kind} if kind else {})
        answer = await self._ask("GET", "/calls", query=query)
        return [SeenCall.model_validate(call) for call in answer["calls"]]

    async def mark(self) -> int:
        """Return where the record stands; give it to `tally` when the run is over."""
        return int((await self._ask("GET", "/mark"))["mark"])

    async def tally(self, after: int = 0, seconds: float = 1.0) -> Tally:
        """Return calls spent since a mark, by kind; `seconds` is the length of a window."""
        query = {"after": str(after), "seconds": repr(seconds)}
        return Tally.model_validate(await self._ask("GET", "/tally", query=query))

    async def summary(self) -> Summary:
        return Summary.model_validate(await self._ask("GET", "/summary"))

    async def expire_tokens(self) -> None:
        """End the life of every token and temporary key issued so far."""
        await self._ask("POST", "/expire")

    async def reset(self) -> None:
        await self._ask("POST", "/reset")
