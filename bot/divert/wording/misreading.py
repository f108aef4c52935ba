"""Help, and what is answered to a command or a file that cannot be read as it is."""

from collections.abc import Sequence

from bot.divert.selection import STATUSES
from bot.divert.sentence import Code, Sentence
from bot.divert.wording.speech import Speech


class Misreading(Speech):
    """What was read, what is possible, and that nothing was asked for."""

    __slots__ = ()

    def help(self) -> Sentence:
        return self.say(
            self._(
                "*Change the traffic route of cloud phones*\n"
                '`/cph divert routing <phones> reason:"why"` asks for the route `routing`\n'
                "`/cph divert direct <phones>` asks for the route `direct`, the default\n"
                "`/cph divert` opens the form, for long lists and files\n"
                "`/cph plan routing <phones>` shows the plan and asks for nothing\n"
                "`/cph phones <phones>` tells what is where now, `/cph drift D-7K3M` what has "
                "moved since a request ended\n"
                "`/cph status` shows the latest requests, `/cph status D-7K3M` one of them\n"
                "`/cph whoami` tells what you may ask for and approve here\n"
                '`/cph pause reason:"why"` stops all sending at once, `/cph pause <project>` that '
                "of one project, `/cph resume` lets it go on; operators may\n"
                "*Phones* are ids, or terms that must all hold: `server:edge-07` `tag:env=staging` "
                "`name:mobile-*` `route:direct` `status:running`. `a,b` means either, `-server:…` "
                "leaves out, and beside ids terms narrow them. `project:name` chooses a project."
            )
        )

    def misread(self, kind: str, word: str) -> Sentence:
        """What could not be understood; `word` is empty where something is missing."""
        told = self._misread(kind) if word else self._missing(kind)
        return self.say(told, word=Code(word), known=tuple(map(Code, STATUSES)))

    def _missing(self, kind: str) -> str:
        if kind == "route":
            return self._(
                "Which route? Write `direct` or `routing`, then the phones. Nothing was asked for."
            )
        if kind == "request_id":
            return self._("Of which request? Its id looks like `D-7K3M`.")
        return self._(
            "Which phones? Write their ids or terms such as `server:edge-07` after the route, or "
            "give a file in the form that `/cph divert` opens. Nothing was asked for."
        )

    def _misread(self, kind: str) -> str:
        return {
            "route": self._(
                "Which route? Write `direct` or `routing`, then the phones. I read {word}. "
                "Nothing was asked for."
            ),
            "no_ids": self._(
                "There is no phone id in this; I read {word}. A phone id is 16 to 64 letters, "
                "digits or dashes. Nothing was asked for."
            ),
            "only_excluded": self._(
                "{word} only leaves phones out. Say also which ones are meant; `name:*` means "
                "every phone. Nothing was asked for."
            ),
            "key": self._(
                "I do not know the term {word}. Phones are chosen by `server:`, `tag:`, `name:`, "
                "`route:` and `status:`; `reason:` and `project:` go with them. Nothing was asked "
                "for."
            ),
            "no_place": self._("{word} has no place in this command. Nothing was asked for."),
            "route_term": self._(
                "{word} is no route; `route:` takes `direct` or `routing`. Nothing was asked for."
            ),
            "status": self._("{word} is no status. There are {known}. Nothing was asked for."),
            "empty_term": self._("Nothing stands behind {word}. Nothing was asked for."),
            "too_long": self._(
                "A command has at most {word} characters, and this has more. Give a long list as "
                "a file in the form that `/cph divert` opens. Nothing was asked for."
            ),
            "request_id": self._("{word} is no request id. They look like `D-7K3M`."),
            "verb": self._("I do not know {word}. `/cph help` shows what I can do."),
        }[kind]

    def did_you_mean(self, meant: str) -> Sentence:
        """A whole command, without `/cph`."""
        return self.say(self._("Did you mean {command}?"), command=Code(f"/cph {meant}"))

    def perhaps(self, name: str) -> Sentence:
        """A name alone, where the whole command cannot be shown."""
        return self.say(self._("Did you mean {name}?"), name=Code(name))

    def run_it(self) -> str:
        return self._("Yes, do that")

    def which_column(self, columns: Sequence[str]) -> Sentence:
        """Columns by their headers; by their numbers where a header names none alone."""
        told = self._(
            "Several columns of the file may hold the phone ids: {columns}. Which one does? "
            "Nothing is asked for until you say so."
        )
        counted = self._("A number counts the columns from the left.")
        if any(column.isdigit() for column in columns):
            told = f"{told} {counted}"
        return self.say(told, columns=tuple(map(Code, columns)))
