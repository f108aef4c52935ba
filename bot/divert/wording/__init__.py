"""Every sentence a person reads. Messages are English; other languages are catalogues."""

from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable

from bot.divert.wording.approvals import OfApprovals
from bot.divert.wording.asking import Asking
from bot.divert.wording.deciding import Deciding
from bot.divert.wording.editing import Editing
from bot.divert.wording.form import InForm
from bot.divert.wording.hearing import Hearing
from bot.divert.wording.looking import Looking
from bot.divert.wording.misreading import Misreading
from bot.divert.wording.pausing import Pausing
from bot.divert.wording.policing import Policing
from bot.divert.wording.rules import OfRules
from bot.divert.wording.speech import LOCALE, catalogue, language_of
from bot.divert.wording.thread import InThreadWords
from bot.divert.wording.trouble import InTrouble
from bot.divert.wording.waiting import Waiting
from bot.divert.wording.weighing import Weighing


@dataclass(frozen=True, slots=True)
class Words(
    Asking,
    Deciding,
    Editing,
    Hearing,
    InForm,
    Looking,
    Misreading,
    InThreadWords,
    InTrouble,
    OfApprovals,
    Pausing,
    Policing,
    OfRules,
    Waiting,
    Weighing,
):
    """All sentences in one language."""


@cache
def words_in(locale: str, folder: Traversable = LOCALE) -> Words:
    """The sentences of a locale such as `en`, `de_AT` or Slack's `zh-CN`."""
    language = language_of(locale)
    return Words(language, catalogue(language, folder))
