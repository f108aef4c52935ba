"""Reading a TOML file; each mistake is a line with the file, the key and the reason."""

import tomllib
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.environment import ConfigError
from bot.policy_file import Section

T = TypeVar("T", bound=Section)

_REASONS: Final = {"missing": "missing", "extra_forbidden": "there is no such key"}


def read_content(path: str) -> bytes:
    """The file as it is now.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as failure:
        raise ConfigError(f"{path} cannot be read: {failure.strerror}") from None


def parsed(path: str, content: bytes, shape: type[T]) -> T:
    """The content of the file at this path, checked for its shape.

    Raises:
        ConfigError: with one line for each mistake in it.
    """
    try:
        return shape.model_validate(_toml(path, content))
    except ValidationError as failure:
        lines = (line for one in failure.errors() for line in _lines(one))
        raise ConfigError(*(f"{path}: {line}" for line in lines)) from None


def _toml(path: str, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode())
    except ValueError as failure:  # also of bytes that are no text, and of endless numbers
        raise ConfigError(f"{path}: not TOML: {failure}") from None
    except RecursionError:
        raise ConfigError(f"{path}: not TOML that can be read: it is nested too deep") from None


def _lines(error: ErrorDetails) -> list[str]:
    """Key and reason; what is wrong between keys names them itself."""
    key = ".".join(str(part) for part in error["loc"])
    reason = _REASONS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    return [f"{key}: {line}" if key else line for line in reason.splitlines()]
