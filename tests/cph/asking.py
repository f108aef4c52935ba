"""What the sandbox's record says was asked."""

from urllib.parse import parse_qsl, urlsplit

from sandbox.cloud.cloud import Cloud
from sandbox.cloud.kinds import Kind


def asked(sandbox: Cloud, kind: Kind) -> list[dict[str, str]]:
    """The query of each call of a kind, in their order."""
    return [dict(parse_qsl(urlsplit(call.path).query)) for call in sandbox.record.found(kind, 0, 0)]


def offsets(sandbox: Cloud, kind: Kind = Kind.LIST_PHONES) -> list[int]:
    return sorted(int(query["offset"]) for query in asked(sandbox, kind))
