"""A validation error told as Slack tells it: `must be …  [json-pointer:/blocks/0/text]`."""

from collections.abc import Iterator, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

WORDS = {
    "missing": "missing required field: {name}",
    "extra_forbidden": "invalid additional property: {name}",
    "string_too_long": "must be less than {over} characters",
    "string_too_short": "must be more than {under} characters",
    "too_long": "no more than {most} items allowed",
    "too_short": "no less than {least} items allowed",
    "union_tag_invalid": "unsupported type: {tag}",
    "union_tag_not_found": "missing required field: type",
}


def problems_of(error: ValidationError, payload: object, root: str) -> list[str]:
    return [
        f"{_sentence(one)} [json-pointer:{_pointer(one, payload, root)}]"
        for one in error.errors(include_url=False)
    ]


def nulls(part: object, where: str) -> list[str]:
    """Slack takes no `null`: a field is there or it is left out."""
    if part is None:
        return [f"must not be null [json-pointer:{where}]"]
    return [p for name, value in _entries(part) for p in nulls(value, f"{where}/{name}")]


def _entries(part: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(part, dict):
        yield from part.items()
    elif isinstance(part, list):
        yield from enumerate(part)


def _sentence(one: ErrorDetails) -> str:
    words = WORDS.get(one["type"])
    if words is None:
        return one["msg"].removeprefix("Value error, ")
    context = one.get("ctx", {})
    most, least = context.get("max_length", 0), context.get("min_length", 0)
    name = one["loc"][-1] if one["loc"] else ""
    return words.format(
        name=name, tag=context.get("tag"), most=most, least=least, over=most + 1, under=least - 1
    )


def _pointer(one: ErrorDetails, payload: object, root: str) -> str:
    """The error's place in the payload; pydantic also names models, which are no place."""
    steps: Sequence[str | int] = one["loc"][:-1] if one["type"] == "missing" else one["loc"]
    here = payload
    for step in steps:
        inside = dict(_entries(here))
        if step in inside:
            here = inside[step]
            root = f"{root}/{step}"
    return root
