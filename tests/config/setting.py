"""A complete configuration, and the same with something changed."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import Config, ConfigError, Environment, load

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-hidden-bot",
    "SLACK_APP_TOKEN": "xapp-hidden-app",
    "SLACK_SIGNING_SECRET": "hidden-signing",
    "HUAWEICLOUD_SDK_SK": "hidden-sk",
    "HUAWEICLOUD_SDK_SECURITY_TOKEN": "hidden-security",
    "HW_USER_PASSWORD": "hidden-password",
}
OTHERS = {
    "HUAWEICLOUD_SDK_AK": "AK1",
    "HW_DOMAIN_NAME": "acme",
    "HW_USER_NAME": "cph-bot",
}
FILE = """
[projects.demo]
region = "cn-north-4"
project_id = "0a1b2c"
channel = "C0OPS"

[projects.beta]
region = "ap-southeast-1"
project_id = "9f8e7d"
credentials = "token"
channel = "C0BETA"

[roles]
requesters = ["U0ALICE", "S0OPS"]
approvers = ["S0APPROVE"]

[[rules]]
who = ["requesters"]
approvals = [{ count = 1, from = ["approvers"] }]
"""


@dataclass
class Setting:
    """What a team has set; `folder` is a place for its files."""

    folder: Path
    toml: str = FILE
    environment: dict[str, str] = field(default_factory=lambda: {**SECRETS, **OTHERS})

    @property
    def path(self) -> Path:
        return self.folder / "bot.toml"

    def load(self) -> Config:
        self.path.write_text(self.toml, encoding="utf-8")
        return load(Environment({"CPH_BOT_CONFIG": str(self.path), **self.environment}))

    def mistakes(self) -> list[str]:
        """The lines that are told; loading must fail."""
        try:
            self.load()
        except ConfigError as wrong:
            return str(wrong).splitlines()
        raise AssertionError("nothing was wrong")

    def mistakes_in_file(self) -> list[str]:
        """The same without the file's name, which each of them must have."""
        lines = self.mistakes()
        assert all(line.startswith(f"{self.path}: ") for line in lines), lines
        return [line.removeprefix(f"{self.path}: ") for line in lines]

    def add(self, table: str, key: str, value: object) -> None:
        """Add a key to a table of the file; tables of one name may not be given twice."""
        line = f"{key} = {value if isinstance(value, str) else json.dumps(value)}"
        header = f"[{table}]\n"
        if header in self.toml:
            self.toml = self.toml.replace(header, f"{header}{line}\n", 1)
        else:
            self.toml += f"\n{header}{line}\n"
