"""A validation error told as Slack tells it: `must be …  [json-pointer:/blocks/0/text]`."""

from collections.abc import Iterator, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails


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
    context = one.get("ctx", {})
    name = one["loc"][-1] if one["loc"] else ""
    match one["type"]:
        case "missing":
            return f"missing required field: {name}"
        case "extra_forbidden":
            return f"invalid additional property: {name}"
        case "string_too_long":
            return f"must be less than {context['max_length'] + 1} characters"
        case "string_too_short":
            return f"must be more than {context['min_length'] - 1} characters"
        case "too_long":
            return f"no more than {context['max_length']} items allowed"
        case "too_short":
            return f"no less than {context['min_length']} items allowed"
        case "union_tag_invalid":
            return f"unsupported type: {context['tag']}"
        case "union_tag_not_found":
            return "missing required field: type"
        case _:
            return one["msg"].removeprefix("Value error, ")


def _pointer(one: ErrorDetails, payload: object, root: str) -> str:
    """The error's place in the payload; pydantic also names models, which are no place."""
    steps: Sequence[str | int] = one["loc"][:-1] if one["type"] == "missing" else one["loc"]
    here = payload
    for step in steps:
        if isinstance(here, dict) and step in here:
            here = here[step]
        elif isinstance(here, list) and isinstance(step, int):
            here = here[step]
        else:
            continue
        root = f"{root}/{step}"
    return root
