"""The environment as this process was given it, and how mistakes in what is set are told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bot.proxies import Proxies, read_exempt


class ConfigError(Exception):
    """One line a mistake: where it stands, its key, and why it is one."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Mistakes:
    """Keeps what is wrong with one part, so that the next part is looked at too."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, ConfigError):
            return False
        self._found += error.mistakes
        return True

    def tell(self) -> None:
        """Raise them together, if there are any."""
        if self._found:
            raise ConfigError(*self._found)


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment as this process was given it; a secret may come from a `…_FILE` too."""

    values: Mapping[str, str] = field(repr=False)

    @classmethod
    def of_this_process(cls) -> Self:
        return cls(dict(os.environ))

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, "").strip() or default

    def secret(self, name: str) -> str:
        """A secret by its name or from the file that `name_FILE` names.

        Raises:
            ConfigError: the file cannot be read.
        """
        path = self.get(f"{name}_FILE")
        if not path:
            return self.get(name)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as failure:
            reason = getattr(failure, "strerror", None) or "not text"
            raise ConfigError(f"{name}_FILE: {path} cannot be read: {reason}") from None

    def proxies(self) -> Proxies:
        """Proxies and the hosts that need none; either case of a name counts."""
        http, https, all_, exempt = (
            self.get(f"{name}_proxy") or self.get(f"{name}_PROXY".upper())
            for name in ("http", "https", "all", "no")
        )
        return Proxies(http, https, all_, read_exempt(exempt))

    def required(self, name: str, purpose: str) -> str:
        value = self.secret(name)
        if not value:
            raise ConfigError(f"{name}: missing; {purpose} (or name a file in {name}_FILE)")
        return value
