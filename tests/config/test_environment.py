"""Every variable by its fixed name, its default, and what is told when it is wrong."""

from pathlib import Path

import pytest

from bot.config import ConfigError, Environment, cloud_access
from bot.cph.settings import AkSk, Password
from tests.config.setting import SECRETS, Setting


def test_what_is_required_is_enough_and_the_rest_has_defaults(setting: Setting) -> None:
    config = setting.load()
    assert config.slack.api_url == "https://slack.com/api/"
    assert config.database_url == "sqlite:///data/cph-bot.sqlite"
    assert (config.host, config.port) == ("127.0.0.1", 3000)


def test_every_secret_is_read_by_its_name(setting: Setting) -> None:
    config = setting.load()
    assert config.slack.bot_token.get_secret_value() == "xoxb-hidden-bot"
    assert config.slack.app_token
    assert config.slack.app_token.get_secret_value() == "xapp-hidden-app"
    assert config.slack.signing_secret
    assert config.slack.signing_secret.get_secret_value() == "hidden-signing"
    assert cloud_access(config, "demo").credentials == AkSk("AK1", "hidden-sk", "hidden-security")
    assert cloud_access(config, "beta").credentials == Password(
        "acme", "cph-bot", "hidden-password"
    )


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_come_from_a_file_without_its_last_newline(
    setting: Setting, name: str
) -> None:
    direct = setting.load()
    (setting.folder / "secret").write_text(f"{setting.environment.pop(name)}\n", encoding="utf-8")
    setting.environment[f"{name}_FILE"] = str(setting.folder / "secret")
    assert setting.load() == direct


def test_the_database_url_may_come_from_a_file_as_it_holds_a_password(setting: Setting) -> None:
    (setting.folder / "url").write_text("postgresql://bot:hidden@db/bot\n", encoding="utf-8")
    setting.environment["CPH_BOT_DATABASE_URL_FILE"] = str(setting.folder / "url")
    assert setting.load().database_url == "postgresql://bot:hidden@db/bot"


def test_the_file_of_a_secret_is_preferred_to_its_variable(setting: Setting) -> None:
    (setting.folder / "secret").write_text("xoxb-newer", encoding="utf-8")
    setting.environment["SLACK_BOT_TOKEN_FILE"] = str(setting.folder / "secret")
    assert setting.load().slack.bot_token.get_secret_value() == "xoxb-newer"


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_file_that_is_not_there_is_named_with_its_variable(
    setting: Setting, name: str
) -> None:
    setting.environment[f"{name}_FILE"] = "/nowhere/secret"
    expected = f"{name}_FILE: /nowhere/secret cannot be read: No such file or directory"
    assert setting.mistakes() == [expected]


def test_a_secret_file_that_is_no_text_is_named_and_not_shown(setting: Setting) -> None:
    (setting.folder / "secret").write_bytes(b"\xff\xfe\x00hidden")
    setting.environment["SLACK_BOT_TOKEN_FILE"] = str(setting.folder / "secret")
    expected = f"SLACK_BOT_TOKEN_FILE: {setting.folder}/secret cannot be read: not text"
    assert setting.mistakes() == [expected]


def test_an_empty_secret_file_is_a_missing_secret(setting: Setting) -> None:
    (setting.folder / "secret").write_text("\n", encoding="utf-8")
    setting.environment["SLACK_BOT_TOKEN_FILE"] = str(setting.folder / "secret")
    assert setting.mistakes()[0].startswith("SLACK_BOT_TOKEN: missing")


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("SLACK_BOT_TOKEN", "Slack needs the bot's token"),
        ("HUAWEICLOUD_SDK_AK", "project demo needs it"),
        ("HUAWEICLOUD_SDK_SK", "project demo needs it"),
        ("HW_DOMAIN_NAME", "project beta needs it"),
        ("HW_USER_NAME", "project beta needs it"),
        ("HW_USER_PASSWORD", "project beta needs it"),
    ],
)
def test_what_is_missing_is_named_with_who_needs_it(
    setting: Setting, name: str, needs: str
) -> None:
    setting.environment[name] = "  "
    assert setting.mistakes() == [f"{name}: missing; {needs} (or name a file in {name}_FILE)"]


def test_a_security_token_is_not_required(setting: Setting) -> None:
    del setting.environment["HUAWEICLOUD_SDK_SECURITY_TOKEN"]
    assert cloud_access(setting.load(), "demo").credentials == AkSk("AK1", "hidden-sk", "")


@pytest.mark.parametrize("kept", ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_one_way_to_slack_is_enough(setting: Setting, kept: str) -> None:
    for name in {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"} - {kept}:
        del setting.environment[name]
    slack = setting.load().slack
    assert (slack.app_token is None) == (kept == "SLACK_SIGNING_SECRET")
    assert (slack.signing_secret is None) == (kept == "SLACK_APP_TOKEN")


def test_no_way_to_slack_is_a_mistake_that_names_both(setting: Setting) -> None:
    del setting.environment["SLACK_APP_TOKEN"], setting.environment["SLACK_SIGNING_SECRET"]
    (line,) = setting.mistakes()
    assert line.startswith("SLACK_APP_TOKEN: missing")
    assert "SLACK_SIGNING_SECRET" in line


@pytest.mark.parametrize("url", ["http://127.0.0.1:8701/api", "http://127.0.0.1:8701/api/"])
def test_another_slack_is_read_with_or_without_a_slash(setting: Setting, url: str) -> None:
    setting.environment["SLACK_API_URL"] = url
    assert setting.load().slack.api_url == "http://127.0.0.1:8701/api/"


@pytest.mark.parametrize(
    "url",
    ["slack.com/api", "ftp://slack.com/", "https://", "https:///api", "http://host:notaport/api/",
     "http://host:70000/", "http://[::1/", "https://me:hidden@slack.com/api/",
     "https://slack.com/api/?token=hidden"],
)  # fmt: skip
def test_a_slack_url_that_is_none_is_told_without_a_secret_in_it(
    setting: Setting, url: str
) -> None:
    setting.environment["SLACK_API_URL"] = url
    (line,) = setting.mistakes()
    assert line.startswith("SLACK_API_URL: ")
    assert "hidden" not in line


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [
        ("127.0.0.1:0", "127.0.0.1", 0),
        ("0.0.0.0:65535", "0.0.0.0", 65535),  # noqa: S104 - only read here
        ("localhost:3000", "localhost", 3000),
        ("[::1]:3000", "::1", 3000),
    ],
)
def test_where_to_listen_is_a_host_and_a_port(
    setting: Setting, listen: str, host: str, port: int
) -> None:
    setting.environment["CPH_BOT_LISTEN"] = listen
    config = setting.load()
    assert (config.host, config.port) == (host, port)


@pytest.mark.parametrize("listen", ["3000", ":3000", "127.0.0.1", "127.0.0.1:", "h:-1", "h:65536"])
def test_an_address_without_host_or_port_is_a_mistake(setting: Setting, listen: str) -> None:
    setting.environment["CPH_BOT_LISTEN"] = listen
    assert setting.mistakes() == [f"CPH_BOT_LISTEN: {listen} is not host:port"]


@pytest.mark.parametrize(
    "url",
    ["sqlite:///bot.sqlite", "sqlite:////var/lib/bot.sqlite", "postgresql://bot:pw@db:5432/bot",
     "postgresql:///bot?host=/run/postgresql"],
)  # fmt: skip
def test_databases_are_sqlite_files_and_postgresql(setting: Setting, url: str) -> None:
    setting.environment["CPH_BOT_DATABASE_URL"] = url
    assert setting.load().database_url == url


@pytest.mark.parametrize(
    "url",
    ["mysql://bot:hidden@db/bot", "sqlite://bot.sqlite", "sqlite:///", "sqlite:///:memory:",
     "postgresql://bot:hidden@db:port/bot", "postgresql://bot:hidden@db", "bot.sqlite",
     "postgresql://bot:hidden@[db/bot"],
)  # fmt: skip
def test_another_database_is_a_mistake_told_without_its_password(
    setting: Setting, url: str
) -> None:
    setting.environment["CPH_BOT_DATABASE_URL"] = url
    (line,) = setting.mistakes()
    assert line.startswith("CPH_BOT_DATABASE_URL: neither sqlite:///path nor postgresql://")
    assert "hidden" not in line


def test_several_mistakes_are_told_at_once(setting: Setting) -> None:
    setting.environment = {"SLACK_API_URL": "x", "CPH_BOT_LISTEN": "x", "CPH_BOT_DATABASE_URL": "x"}
    keys = [line.split(":")[0] for line in setting.mistakes()]
    assert keys == [
        "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "CPH_BOT_DATABASE_URL",
        "CPH_BOT_LISTEN", "HUAWEICLOUD_SDK_AK", "HW_DOMAIN_NAME",
    ]  # fmt: skip


@pytest.mark.parametrize("changed", [*SECRETS, "nothing"])
def test_no_secret_is_shown_when_the_configuration_is(setting: Setting, changed: str) -> None:
    setting.environment |= {
        "CPH_BOT_DATABASE_URL": "postgresql://bot:hidden-database@db/bot",
        "HTTPS_PROXY": "http://me:hidden-proxy@proxy",
    }
    setting.environment.pop(changed, "")
    try:
        config = setting.load()
    except ConfigError as wrong:
        shown = f"{wrong!r} {wrong}"
    else:
        accesses = [cloud_access(config, name) for name in ("demo", "beta")]
        shown = f"{config!r} {config} {accesses!r} {accesses}"
    assert "hidden" not in shown


def test_the_environment_does_not_show_itself(setting: Setting) -> None:
    assert "hidden" not in repr(Environment(setting.environment))


def test_a_relative_path_of_the_file_is_taken_as_it_is(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(setting.folder)
    setting.environment["CPH_BOT_CONFIG"] = Path(setting.path).name
    assert list(setting.load().file.projects) == ["demo", "beta"]
