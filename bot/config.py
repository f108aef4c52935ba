"""The environment and one TOML file, checked and frozen.

The names are fixed: other tools rely on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.config_file import ConfigFile, read_url
from bot.config_reading import parsed, read_content
from bot.cph.settings import (
    AkSk,
    Password,
    ProjectAccess,
    default_endpoint,
    default_iam_endpoint,
)
from bot.environment import ConfigError, Environment, Mistakes
from bot.fault_points import FaultPoints, KillAt
from bot.proxies import Proxies

__all__ = ["Config", "ConfigError", "Credentials", "Environment", "cloud_access", "load"]

DEFAULT_DATABASE: Final = "sqlite:///data/cph-bot.sqlite"
DEFAULT_SLACK: Final = "https://slack.com/api/"
DEFAULT_LISTEN: Final = "127.0.0.1:3000"
PORTS: Final = range(65536)  # 0 lets the system choose
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
    fault_points: FaultPoints | None = None  # for crash tests alone
    path: str = ""  # of the file

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
    with mistakes:
        points = _fault_points(environment)
    mistakes.tell()
    proxies = environment.proxies()
    path = environment.get("CPH_BOT_CONFIG")
    return Config(slack, database_url, host, port, file, credentials, proxies, points, path)


def _fault_points(environment: Environment) -> FaultPoints | None:
    kill_at, log = environment.get("CPH_BOT_KILL_AT"), environment.get("CPH_BOT_FAULT_LOG")
    if not kill_at:
        return None
    try:
        return FaultPoints(KillAt.read(kill_at), Path(log) if log else None)
    except ValueError as mistake:
        raise ConfigError(f"CPH_BOT_KILL_AT: {mistake}") from None


def _file(environment: Environment) -> ConfigFile:
    path = environment.get("CPH_BOT_CONFIG")
    if not path:
        raise ConfigError("CPH_BOT_CONFIG: missing; name the TOML file with projects and rules")
    try:
        content = read_content(path)
    except ConfigError as unreadable:
        raise ConfigError(f"CPH_BOT_CONFIG: {unreadable}") from None
    return parsed(path, content, ConfigFile)


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
