"""How a sentence is made in one language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from bot.divert.sentence import Sentence, Value

LOCALE: Final = files("bot") / "locale"


@dataclass(frozen=True, slots=True)
class Speech:
    """One language's catalogue and number forms; English where the catalogue has no entry."""

    language: str = "en"
    catalogue: NullTranslations = field(default_factory=NullTranslations, repr=False)

    def _(self, message: str) -> str:
        return self.catalogue.gettext(message)

    def n_(self, one: str, many: str, count: int) -> str:
        return self.catalogue.ngettext(one, many, count)

    def advised(self, text: str) -> str:
        """A meaning or an advice of the cloud's code table, which the catalogues hold too."""
        return self._(text) if text else ""  # gettext takes no text for its own header

    def say(self, message: str, **values: Value) -> Sentence:
        """A sentence already translated, with its values."""
        return Sentence(message, values)

    def joined(self, parts: Iterable[Sentence], between: str) -> Sentence:
        """One sentence of several, each with its own values."""
        templates, values = [], dict[str, Value]()
        for number, part in enumerate(parts):
            names = {name: f"{name}_{number}" for name in part.values}
            fields = {name: f"{{{new}}}" for name, new in names.items()}
            templates.append(part.template.format(**fields))
            values |= {names[name]: value for name, value in part.values.items()}
        return Sentence(between.join(templates), values)

    def counted(self, *parts: tuple[int, str], **values: str) -> list[str]:
        """Each part with its count for `{n}`; what there is none of is not said."""
        return [part.format(n=self.number(count), **values) for count, part in parts if count]

    def number(self, count: float) -> str:
        return format_decimal(count, locale=self.language)

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self.language)

    def span(self, seconds: float) -> str:
        return format_timedelta(timedelta(seconds=max(seconds, 1.0)), locale=self.language)


def language_of(locale: str) -> str:
    """A locale as Babel writes it; English for one that nobody knows."""
    try:
        return str(Locale.parse(locale.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en"


def catalogue(language: str, folder: Traversable = LOCALE) -> NullTranslations:
    """The messages of a language or of the one it belongs to (`de` for `de_AT`), else none."""
    parts = language.split("_")
    for length in range(len(parts), 0, -1):
        file = folder / "_".join(parts[:length]) / "LC_MESSAGES" / "messages.po"
        if file.is_file():
            return _compiled(file)
    return NullTranslations()


def _compiled(file: Traversable) -> NullTranslations:
    """Compiled when it is first used, so that what is reviewed is what is read."""
    compiled = BytesIO()
    with file.open("rb") as messages:
        write_mo(compiled, read_po(messages))
    compiled.seek(0)
    return GNUTranslations(compiled)
