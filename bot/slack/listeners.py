"""What people do in Slack, taken down before it is acknowledged.

Two doors, one corridor: a command and the form make the same draft. The acknowledgement is each
listener's last line, for one that is followed by an error is lost.
"""

import re
from dataclasses import replace
from typing import Final

from slack_bolt.async_app import AsyncApp

from bot.divert.click import Verdict
from bot.divert.world import World
from bot.slack.again import Again
from bot.slack.clicks import Clicks
from bot.slack.commands import Commands
from bot.slack.deny_form import DENY
from bot.slack.form import DIVERT, PROJECT, SERVERS, TAGS
from bot.slack.forms import Forms
from bot.slack.suggestions import Suggestions
from bot.slack.unkept import HastyLedger, Unkept
from bot.slack.values import COMMAND
from bot.slack.weighing import Weighing
from bot.slack.weighing_forms import APPROVE, GLASS

_BY_FORM: Final = frozenset({Verdict.DENY, Verdict.BREAK_GLASS})
_PRESSED: Final = tuple(verdict for verdict in Verdict if verdict not in _BY_FORM)
_COLUMN: Final = re.compile(r"^choose_column:\d+$")
_ANY: Final = re.compile("")  # after all others: whatever is left


def listen(app: AsyncApp, world: World) -> None:
    """Register every listener; a new command, button or menu is added here."""
    world = replace(world, ledger=HastyLedger(world.ledger))
    app.error(Unkept(world).answer)
    _listen_for_requests(app, world)
    _listen_for_decisions(app, world)
    suggestions = Suggestions(world)
    app.options(SERVERS)(suggestions.servers)
    app.options(TAGS)(suggestions.tags)
    app.options(_ANY)(suggestions.nothing)
    app.action(_ANY)(Clicks(world).unknown)
    app.view(_ANY)(Clicks(world).unknown)


def _listen_for_requests(app: AsyncApp, world: World) -> None:
    commands, forms, again = Commands(world), Forms(world), Again(world)
    app.command(COMMAND)(commands.typed)
    app.action("run")(commands.pressed)
    app.action(PROJECT)(forms.choose_project)
    app.view(DIVERT)(forms.submit)
    app.action("open_form")(again.open_form)
    app.action("edit")(again.edit)
    app.action("ask_anyway")(again.ask_anyway)
    app.action(_COLUMN)(again.choose_column)


def _listen_for_decisions(app: AsyncApp, world: World) -> None:
    clicks, weighing = Clicks(world), Weighing(world)
    for verdict in _PRESSED:
        app.action(verdict.value)(clicks.decide)
    app.action(Verdict.DENY.value)(clicks.open_denial)
    app.view(DENY)(clicks.submit_denial)
    app.action("approve_typed")(weighing.open_approval)
    app.view(APPROVE)(weighing.submit_approval)
    app.action(Verdict.BREAK_GLASS.value)(weighing.open_glass)
    app.view(GLASS)(weighing.submit_glass)
