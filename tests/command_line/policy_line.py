"""`cph-bot policy …` without a process of its own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from bot.__main__ import _arguments
from bot.command_line import policy
from bot.config import ConfigError, Environment
from tests.foundations.tree import ROOT

EXAMPLE: Final = ROOT / "docs" / "policy.example.toml"
TRIAL: Final = ("--as", "U0ALICE", "--in", "C0OPS", "--at", "2030-12-03T10:00")
MISTAKES: Final = 2  # exit code


@dataclass
class Line:
    """The environment is empty but for the name of a file."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    named: str = ""

    def __call__(self, *words: str) -> tuple[int, list[str]]:
        """The exit code, and the lines on standard output; mistakes are lines too."""
        environment = Environment({"CPH_BOT_CONFIG": self.named})
        try:
            code = policy.act(_arguments().parse_args(["policy", *words]), environment)
        except ConfigError as wrong:
            return MISTAKES, list(wrong.mistakes)
        except SystemExit as wrong:
            return int(str(wrong.code)), self.capture.readouterr().err.splitlines()[-1:]
        told = self.capture.readouterr()
        return code, (told.out + told.err).splitlines()

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)
