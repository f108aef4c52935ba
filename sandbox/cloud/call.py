"""One call under way, as the code that answers it sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.cloud.accounts import User
from sandbox.cloud.cloud import Cloud, Project
from sandbox.cloud.failures import Refused
from sandbox.cloud.kinds import Kind
from sandbox.cloud.signing import Wire
from sandbox.cloud.switches import Switches


@dataclass
class Call:
    """`path` holds the path's parameters; `now` is when the cloud works on the call.

    The lower fields are written on the way: who it is, what was asked, how it was answered.
    """

    cloud: Cloud
    kind: Kind
    wire: Wire
    path: Mapping[str, str]
    query: Mapping[str, str]
    switches: Switches
    number: int
    arrived: float
    now: float
    request_id: str
    user: User | None = None
    access: str | None = None
    scope: str | None = None  # the project a token is for
    phone_ids: tuple[str, ...] = ()
    route: str | None = None
    headers: dict[str, str] = field(default_factory=dict)  # of the answer
    status: int = 200
    error_code: str | None = None
    cut: bool = False  # no whole answer was sent

    @property
    def project(self) -> Project:
        return self.cloud.projects[self.path["project_id"]]

    def json(self) -> Any:  # noqa: ANN401 - whatever the caller sent
        """Return the body, read; a body that is no JSON is the gateway's 400."""
        try:
            return json.loads(self.wire.body)
        except ValueError:
            raise Refused(
                f"{self.switches.gateway_prefix}.0201", 400, "Bad request: body is not JSON."
            ) from None

    def number_in_query(self, name: str, default: int | None, code: str) -> int | None:
        """Return a whole number from the query; anything else is refused with `code`."""
        text = self.query.get(name)
        if text is None:
            return default
        try:
            return int(text)
        except ValueError:
            raise Refused(code) from None

    def page(self, default: int, most: int) -> slice:
        """Return the stretch asked for by offset and limit."""
        offset = self.number_in_query("offset", 0, "CPS.0002")
        limit = self.number_in_query("limit", default, "CPS.0002")
        if offset is None or limit is None or offset < 0 or not 1 <= limit <= most:
            raise Refused("CPS.0002")
        return slice(offset, offset + limit)
