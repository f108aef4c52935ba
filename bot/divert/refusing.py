"""Why there is no plan, in words for the person who asked, and what to press to mend it."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.divert.failures import CloudFailure, FileUnreadable, LookupFailed
from bot.divert.grammar import corrected, write_command
from bot.divert.intake import may_see
from bot.divert.mistyped import nearest
from bot.divert.policy import Decision, Refused, Rule
from bot.divert.request import Draft, Request
from bot.divert.resolving import Resolved
from bot.divert.selecting import NothingMeant, TooManyMeant
from bot.divert.selection import Key, Server, matches
from bot.divert.sentence import Button, Sentence, ToPerson
from bot.divert.typed import written
from bot.divert.wording import Words
from bot.divert.world import World

COMMAND_LIMIT: Final = 1_995  # characters; with `/cph ` before it, a Slack button's value
COLUMNS: Final = 10  # buttons to choose from


class Refusal(Exception):
    """Why there is no plan, said to the person who asked."""

    def __init__(self, *sentences: Sentence, buttons: Sequence[Button] = ()) -> None:
        super().__init__(sentences[0].template)
        self.sentences = sentences
        self.buttons = tuple(buttons)


def asker(request: Request) -> ToPerson:
    return ToPerson(request.requester, request.draft.channel, request.draft.reply_url)


def file_refusal(request: Request, failure: FileUnreadable, words: Words) -> Refusal:
    """The form again for another file, or the question which of its columns has the ids."""
    if failure.columns:
        buttons = (
            Button("choose_column", column, request.id, column=column)
            for column in failure.columns[:COLUMNS]
        )
        return Refusal(words.which_column(failure.columns), buttons=tuple(buttons))
    button = Button("open_form", words.open_form_again(), request.id)
    return Refusal(words.file_unreadable(failure.why, failure.detail), buttons=(button,))


def nothing_to_change(draft: Draft, resolved: Resolved, words: Words) -> Refusal:
    plan = resolved.plan
    if not resolved.meant.ids:
        return Refusal(words.nothing_selected(draft.selection))
    counts = len(plan.unchanged), len(plan.unknown), len(plan.excluded)
    return Refusal(words.nothing_to_change(*counts, draft.route))


async def granted(decision: Awaitable[Decision], words: Words) -> Rule:
    """The rule that allows it.

    Raises:
        Refusal: no rule does, or Slack could not say who asks.
    """
    try:
        decided = await decision
    except LookupFailed as failure:
        raise Refusal(words.lookup_failed()) from failure
    if isinstance(decided, Refused):
        raise Refusal(words.refusal(decided))
    return decided.rule


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who wants what behind `/cph`; `command` is empty where a button could not hold it all."""

    person: str
    project: str
    command: str = ""


def wanted(draft: Draft) -> Wanted:
    """A draft as if it had been typed, whichever door it came in by."""
    command = "" if draft.file_id else write_command(draft)
    return Wanted(draft.requester, draft.project, command)


NoPhones = NothingMeant | TooManyMeant | CloudFailure


async def no_phones(world: World, given: Wanted, failure: NoPhones, words: Words) -> Refusal:
    """Why the phones that are meant could not be read."""
    match failure:
        case NothingMeant():
            return await _nothing_meant(world, given, failure, words)
        case TooManyMeant():
            return Refusal(words.too_many_meant(failure.phones, world.file_ids))
        case _:
            meaning, advice = world.cloud.explain(failure.code)
            return Refusal(words.cloud_unreadable(failure.code, meaning, advice))


async def _nothing_meant(
    world: World, given: Wanted, failure: NothingMeant, words: Words
) -> Refusal:
    """Name what does not exist, and offer what was probably meant: a name near it, or a project."""
    term, value = failure.term, failure.value
    told = words.no_such_tag if term.key is Key.TAG else words.no_such_server
    sentence = told(value, given.project)
    if elsewhere := await _elsewhere(world, given, failure):
        better = f"{given.command} project:{written(elsewhere)}" if given.command else ""
        return Refusal(sentence, words.other_project(elsewhere), buttons=run(better, words))
    name = await _meant_instead(world, given.project, failure)
    if not name:
        return Refusal(sentence)
    better = corrected(given.command, term, value, name)
    meant = words.did_you_mean(better) if better else words.perhaps(name)
    return Refusal(sentence, meant, buttons=run(better, words))


def run(command: str, words: Words) -> tuple[Button, ...]:
    """The button that runs a command as if it were typed; none where it cannot hold it."""
    if not 0 < len(command) <= COMMAND_LIMIT:
        return ()
    return (Button("run", words.run_it(), command=command),)


async def _meant_instead(world: World, project: str, failure: NothingMeant) -> str:
    try:
        if failure.term.key is Key.SERVER:
            servers = await world.names.servers(project)
            return nearest(failure.value, (server.name for server in servers))
        tags = await world.names.tags(project, fresh=True)
    except CloudFailure:
        return ""
    key, marked, value = failure.value.partition("=")
    if key in tags:
        near = nearest(value, tags[key])
        return f"{key}={near}" if near else ""
    near = nearest(key, tags)
    return f"{near}{marked}{value}" if near else ""


async def _elsewhere(world: World, given: Wanted, failure: NothingMeant) -> str:
    """Another project that has this server, if the person may see it.

    What only excludes says nothing of where the phones are that are meant.
    """
    if failure.term.key is not Key.SERVER or failure.term.excluded:
        return ""
    for project in world.projects:
        if project != given.project and await _has(world, project, given, failure.value):
            return project
    return ""


async def _has(world: World, project: str, given: Wanted, value: str) -> bool:
    try:
        if not await may_see(world, given.person, project):
            return False
        return any(_named(one, value) for one in await world.names.servers(project))
    except (CloudFailure, LookupFailed):
        return False


def _named(server: Server, value: str) -> bool:
    return server.id == value or matches(value, server.name)
