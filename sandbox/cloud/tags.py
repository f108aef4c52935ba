"""Tags: only servers carry them. ListResourceInstances finds servers, ListProjectTags the tags."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from sandbox.cloud.call import Call
from sandbox.cloud.failures import Refused
from sandbox.cloud.phone import Server

MOST_KEYS = 100


class Tag(BaseModel):
    key: Annotated[str, Field(min_length=1, max_length=127)]
    values: Annotated[list[Annotated[str, Field(max_length=255)]], Field(max_length=10)] = []

    def fits(self, server: Server) -> bool:
        """An empty list of values means any value."""
        return self.key in server.tags and (not self.values or server.tags[self.key] in self.values)


class Match(BaseModel):
    key: Literal["resource_name"]
    value: str


class Question(BaseModel):
    """Offset and limit are strings on the wire."""

    action: Literal["filter", "count"]
    offset: Annotated[str, Field(pattern=r"^\d+$")] = "0"
    limit: Annotated[str, Field(pattern=r"^([1-9]\d{0,2}|1000)$")] = "1000"
    without_any_tag: bool = False
    tags: Annotated[list[Tag], Field(max_length=10)] = []
    matches: list[Match] = []

    def fits(self, server: Server) -> bool:
        if not all(match.value == server.name for match in self.matches):
            return False
        if self.without_any_tag:
            return not server.tags
        return all(tag.fits(server) for tag in self.tags)


def list_resource_instances(call: Call) -> dict[str, Any]:
    _check_type(call)
    question = _question(call)
    found = [s for s in call.project.fleet.servers.values() if question.fits(s)]
    if question.action == "count":
        return {"total_count": len(found)}
    first = int(question.offset)
    page = found[first : first + int(question.limit)]
    return {"resources": [_resource(server) for server in page], "total_count": len(found)}


def list_project_tags(call: Call) -> dict[str, Any]:
    """Answer a page of keys, each with all its values. Pages of 2024 knew no paging and no total.

    Source: cph_api_0557, 2025-12-09.
    """
    _check_type(call)
    values = _values_by_key(call.project.fleet.servers.values())
    page = call.page(default=MOST_KEYS, most=MOST_KEYS)
    if call.switches.tags_unpaged:
        return {"tags": _keys(values, slice(None))}
    return {"tags": _keys(values, page), "total_count": len(values)}


def _values_by_key(servers: Iterable[Server]) -> dict[str, dict[str, None]]:
    """Return the keys in use and the values of each, in the order they first occur."""
    found: dict[str, dict[str, None]] = {}
    for server in servers:
        for key, value in server.tags.items():
            found.setdefault(key, {})[value] = None
    return found


def _keys(values: dict[str, dict[str, None]], page: slice) -> list[dict[str, Any]]:
    return [{"key": key, "values": list(values[key])} for key in list(values)[page]]


def _check_type(call: Call) -> None:
    if call.path["resource_type"] != "cph-server":
        raise Refused("CPS.0116", message="Parameter: resource_type is invalid.")


def _question(call: Call) -> Question:
    try:
        return Question.model_validate(call.json(), strict=True)
    except ValidationError as wrong:
        where = str(wrong.errors()[0]["loc"][:1] or "body")
        code = "CPS.0002" if "limit" in where or "offset" in where else "CPS.0047"
        raise Refused(code) from None


def _resource(server: Server) -> dict[str, Any]:
    return {
        "resource_id": server.server_id,
        "resource_detail": None,
        "resource_name": server.name,
        "tags": [{"key": key, "value": value} for key, value in server.tags.items()],
    }
