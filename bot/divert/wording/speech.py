"""How a sentence is made in one language."""

from dataclasses import dataclass, field
from datetime import timedelta
from gettext import NullTranslations, translation
from importlib.resources import as_file, files

from babel.dates import format_timedelta
from babel.numbers import format_decimal, format_percent

from bot.divert.sentence import Sentence, Value


@dataclass(frozen=True, slots=True)
class Speech:
    """One language's catalogue and number forms; English where the catalogue has no entry."""

    language: str = "en"
    catalogue: NullTranslations = field(default_factory=NullTranslations, repr=False)

    def _(self, message: str) -> str:
        return self.catalogue.gettext(message)

    def n_(self, one: str, many: str, count: int) -> str:
        return self.catalogue.ngettext(one, many, count)

    def say(self, message: str, **values: Value) -> Sentence:
        """A sentence already translated, with its values."""
        return Sentence(message, values)

    def number(self, count: float) -> str:
        return format_decimal(count, locale=self.language)

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self.language)

    def span(self, seconds: float) -> str:
        return format_timedelta(timedelta(seconds=max(seconds, 1.0)), locale=self.language)


def catalogue(language: str) -> NullTranslations:
    """The messages of a language, empty where there is no catalogue for it."""
    with as_file(files("bot").joinpath("locale")) as folder:
        return translation("messages", folder, languages=[language], fallback=True)
