"""The manifest is one Slack takes, and asks for what the code uses and no more."""

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

import bot.slack
from bot.slack.identity import SCOPES
from bot.slack.values import COMMAND

ROOT = Path(__file__).parents[2]
CODE = Path(bot.slack.__file__).parent

# https://docs.slack.dev/reference/methods: the bot scope each method needs. conversations.info
# needs the one of its kind of channel. auth.test, views.* and response URLs need none, and
# apps.connections.open has a token of its own.
NEEDED = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
METHODS = {name for name in dir(AsyncWebClient) if "_" in name.strip("_") and name[0] != "_"}
METHODS -= {"api_call", "base_url", "default_params", "retry_handlers", "trust_env_in_session"}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return found


def attributes() -> set[str]:
    trees = [ast.parse(file.read_text()) for file in CODE.glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def test_every_method_that_is_called_has_its_scope(manifest: dict[str, Any]) -> None:
    called = attributes() & METHODS
    assert called <= set(NEEDED)
    needed = set[str]().union(*(NEEDED[method] for method in called))
    scopes = manifest["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == needed | {"commands"} == SCOPES
    assert set(scopes) == {"bot"}


def test_the_command_is_the_one_listened_to(manifest: dict[str, Any]) -> None:
    named = {each["command"] for each in manifest["features"]["slash_commands"]}
    assert named == {COMMAND}


def test_lengths_are_within_slacks(manifest: dict[str, Any]) -> None:
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80
    commands = manifest["features"]["slash_commands"]
    assert len(commands) <= 50
    for command in commands:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2_000
        assert len(command["usage_hint"]) <= 1_000


def test_socket_mode_and_interactivity_are_on(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert manifest["_metadata"]["major_version"] in (1, 2)


def test_words_of_a_command_come_as_typed(manifest: dict[str, Any]) -> None:
    assert manifest["features"]["slash_commands"][0]["should_escape"] is False
