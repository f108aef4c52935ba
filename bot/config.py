"""The environment and one TOML file, checked and frozen.

The names are fixed: other tools rely on them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.config_file import ConfigFile, read_url
from bot.cph.settings import (
    AkSk,
    Password,
    ProjectAccess,
    default_endpoint,
    default_iam_endpoint,
)
from bot.environment import ConfigError, Environment, Mistakes
from bot.proxies import Proxies

__all__ = ["Config", "ConfigError", "Credentials", "Environment", "cloud_access", "load"]

DEFAULT_DATABASE: Final = "sqlite:///data/cph-bot.sqlite"
DEFAULT_SLACK: Final = "https://slack.com/api/"
DEFAULT_LISTEN: Final = "127.0.0.1:3000"
PORTS: Final = range(65536)  # 0 lets the system choose
_REASONS: Final = {"missing": "missing", "extra_forbidden": "there is no such key"}
NO_SECRET: Final = SecretStr("")


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """Socket Mode with an app token, or signed HTTP with a signing secret."""

    bot_token: SecretStr
    api_url: str
    app_token: SecretStr | None
    signing_secret: SecretStr | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one project signs or logs in with."""

    ak: str = ""
    sk: SecretStr = NO_SECRET
    security_token: SecretStr = NO_SECRET
    domain: str = ""
    user: str = ""
    password: SecretStr = NO_SECRET


@dataclass(frozen=True, slots=True)
class Config:
    """All that a team sets, checked."""

    slack: SlackAccess
    database_url: str = field(repr=False)  # may hold a password
    host: str
    port: int
    file: ConfigFile
    credentials: Mapping[str, Credentials]
    proxies: Proxies

    def proxy_for(self, url: str) -> str | None:
        """The proxy for a URL, by the environment; never one for this machine itself."""
        return self.proxies.for_url(url)


def load(environment: Environment) -> Config:
    """Read and check everything.

    Raises:
        ConfigError: with one line for each mistake found.
    """
    mistakes = Mistakes()
    with mistakes:
        slack = _slack(environment)
    with mistakes:
        database_url = _database_url(environment)
    with mistakes:
        host, port = _listen(environment)
    with mistakes:
        file = _file(environment)
        credentials = _all_credentials(environment, file)
    mistakes.tell()
    return Config(slack, database_url, host, port, file, credentials, environment.proxies())


def _file(environment: Environment) -> ConfigFile:
    path = environment.get("CPH_BOT_CONFIG")
    if not path:
        raise ConfigError("CPH_BOT_CONFIG: missing; name the TOML file with projects and rules")
    try:
        return ConfigFile.model_validate(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as failure:
        raise ConfigError(f"CPH_BOT_CONFIG: {path} cannot be read: {failure.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise ConfigError(f"{path}: not TOML: {failure}") from None
    except ValidationError as failure:
        lines = (line for one in failure.errors() for line in _lines(one))
        raise ConfigError(*(f"{path}: {line}" for line in lines)) from None


def _lines(error: ErrorDetails) -> list[str]:
    """Key and reason; what is wrong between keys names them itself."""
    key = ".".join(str(part) for part in error["loc"])
    reason = _REASONS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    return [f"{key}: {line}" if key else line for line in reason.splitlines()]


def _slack(environment: Environment) -> SlackAccess:
    mistakes = Mistakes()
    with mistakes:
        bot_token = environment.required("SLACK_BOT_TOKEN", "Slack needs the bot's token")
    with mistakes:
        app_token, signing_secret = _door(environment)
    with mistakes:
        api_url = _api_url(environment)
    mistakes.tell()
    return SlackAccess(SecretStr(bot_token), api_url, app_token, signing_secret)


def _door(environment: Environment) -> tuple[SecretStr | None, SecretStr | None]:
    """The app token for Socket Mode, the signing secret for HTTP; at least one of them."""
    app_token = environment.secret("SLACK_APP_TOKEN")
    signing_secret = environment.secret("SLACK_SIGNING_SECRET")
    if not app_token and not signing_secret:
        raise ConfigError(
            "SLACK_APP_TOKEN: missing; Socket Mode needs it (or SLACK_SIGNING_SECRET for HTTP)"
        )
    return (
        SecretStr(app_token) if app_token else None,
        SecretStr(signing_secret) if signing_secret else None,
    )


def _api_url(environment: Environment) -> str:
    try:
        return read_url(environment.get("SLACK_API_URL", DEFAULT_SLACK)) + "/"
    except ValueError as mistake:
        raise ConfigError(f"SLACK_API_URL: {mistake}") from None


def _listen(environment: Environment) -> tuple[str, int]:
    listen = environment.get("CPH_BOT_LISTEN", DEFAULT_LISTEN)
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) not in PORTS:
        raise ConfigError(f"CPH_BOT_LISTEN: {listen} is not host:port")
    return host.strip("[]"), int(port)


def _database_url(environment: Environment) -> str:
    url = environment.secret("CPH_BOT_DATABASE_URL") or DEFAULT_DATABASE
    try:
        parts = urlsplit(url)
        known = parts.scheme == "postgresql" or (parts.scheme == "sqlite" and not parts.netloc)
        known = known and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.path in {"", "/", "/:memory:"}:
        raise ConfigError(
            "CPH_BOT_DATABASE_URL: neither sqlite:///path nor postgresql://user@host:port/name"
        )
    return url


def _all_credentials(environment: Environment, file: ConfigFile) -> dict[str, Credentials]:
    mistakes, found = Mistakes(), {}
    for project in file.projects:
        with mistakes:
            found[project] = _credentials(environment, file, project)
    mistakes.tell()
    return found


def _credentials(environment: Environment, file: ConfigFile, project: str) -> Credentials:
    names = file.projects[project].secrets
    purpose = f"project {project} needs it"
    if file.projects[project].credentials == "token":
        return Credentials(
            domain=environment.required(names.domain, purpose),
            user=environment.required(names.user, purpose),
            password=SecretStr(environment.required(names.password, purpose)),
        )
    return Credentials(
        ak=environment.required(names.ak, purpose),
        sk=SecretStr(environment.required(names.sk, purpose)),
        security_token=SecretStr(environment.secret(names.security_token)),
    )


def cloud_access(config: Config, project: str) -> ProjectAccess:
    """Where a project's cloud is and what it is called with."""
    section, given = config.file.projects[project], config.credentials[project]
    credentials: AkSk | Password
    if section.credentials == "token":
        credentials = Password(given.domain, given.user, given.password.get_secret_value())
    else:
        token = given.security_token.get_secret_value()
        credentials = AkSk(given.ak, given.sk.get_secret_value(), token)
    return ProjectAccess(
        name=project,
        project_id=section.project_id,
        endpoint=section.endpoint or default_endpoint(section.region),
        iam_endpoint=section.iam_endpoint or default_iam_endpoint(section.region),
        region=section.region,
        credentials=credentials,
    )
