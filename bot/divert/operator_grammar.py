"""`/cph pause` and `/cph resume` as an operator types them, in a hurry."""

from collections.abc import Sequence
from math import inf

from bot.divert.command import Pause, Resume, Verb
from bot.divert.mistyped import Mistyped
from bot.divert.term_values import check_keys, project_of, reason_of
from bot.divert.terms import PROJECT, REASON, TypedTerm, Word
from bot.divert.typed import quoted, written


def read_pause(words: Sequence[Word], terms: Sequence[TypedTerm]) -> Pause:
    return Pause(*_project_and_reason(words, terms))


def read_resume(words: Sequence[Word], terms: Sequence[TypedTerm]) -> Resume:
    return Resume(*_project_and_reason(words, terms))


def write_order(verb: Verb, project: str, reason: str) -> str:
    """The text behind `/cph` of an order to pause or resume a project."""
    told = f"{REASON}:{quoted(reason)}" if reason else ""
    return " ".join(filter(None, (verb, written(project), told)))


def _project_and_reason(
    words: Sequence[Word], terms: Sequence[TypedTerm]
) -> tuple[str | None, str]:
    """The project may stand without its key.

    Raises:
        Mistyped: a word too many, or an unknown term; nothing is guessed of what to stop.
    """
    check_keys(terms, (PROJECT, REASON))
    project, more = project_of(terms), _of_the_reason(words, terms)
    alone = [one for one in words if one not in more]
    if len(alone) > (project is None):
        raise Mistyped("no_place", alone[-1].text)
    reason = " ".join((reason_of(terms), *(one.text for one in more)))
    return (alone[0].text if alone else project), reason


def _of_the_reason(words: Sequence[Word], terms: Sequence[TypedTerm]) -> Sequence[Word]:
    """The words behind a reason without quotes, up to the next term."""
    open_ended = [one.start for one in terms if one.key == REASON and not one.is_quoted]
    if not open_ended:
        return ()
    start = open_ended[-1]
    end = min((one.start for one in terms if one.start > start), default=inf)
    return [one for one in words if start < one.start < end]
