"""ListResourceInstances: servers by tag, the only things of a fleet that carry tags."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from sandbox.cloud.call import Call
from sandbox.cloud.failures import Refused
from sandbox.cloud.phone import Server


class Tag(BaseModel):
    key: Annotated[str, Field(max_length=127)]
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
    if call.path["resource_type"] != "cph-server":
        raise Refused("CPS.0116", message="Parameter: resource_type is invalid.")
    question = _question(call)
    found = [s for s in call.project.fleet.servers.values() if question.fits(s)]
    if question.action == "count":
        return {"total_count": len(found)}
    first = int(question.offset)
    page = found[first : first + int(question.limit)]
    return {"resources": [_resource(server) for server in page], "total_count": len(found)}


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
