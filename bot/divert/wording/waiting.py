"""What is said where the cloud makes a run wait, and of what it leaves without proof."""

from bot.divert.sentence import Code, Sentence
from bot.divert.wording.speech import Speech


class Waiting(Speech):
    """Posts in the thread while a run is held up, and reasons why a phone is unclear."""

    __slots__ = ()

    def cannot_use(self, project: str, code: str, meaning: str, advice: str) -> Sentence:
        """In the project's channel, when the bot starts."""
        return self.say(
            self._("*I cannot use project {project}* ({code}): {meaning} {advice}"),
            project=project,
            code=Code(code or "?"),
            meaning=self.advised(meaning),
            advice=self.advised(advice),
        )

    def limited(self, calls: int, seconds: float, left: float) -> Sentence:
        """The limit that the cloud has stated, and how long sending takes under it."""
        return self.say(
            self.n_(
                "The cloud takes {calls} call {every}; I keep to that. About {left} left to send.",
                "The cloud takes {calls} calls {every}; I keep to that. About {left} left to send.",
                calls,
            ),
            calls=self.number(calls),
            every=self._every(seconds),
            left=self.span(left),
        )

    def _every(self, seconds: float) -> str:
        known = {
            1.0: self._("a second"),
            60.0: self._("a minute"),
            3600.0: self._("an hour"),
            86400.0: self._("a day"),
        }
        return known.get(seconds) or self._("in {span}").format(span=self.span(seconds))

    def turned_away(self, code: str, meaning: str) -> Sentence:
        return self.say(
            self._(
                "The cloud does not take my calls just now ({code}): {meaning} I wait and try "
                "again. Nothing is lost, and the sending goes on by itself."
            ),
            code=Code(code),
            meaning=self.advised(meaning),
        )

    def no_connection(self) -> Sentence:
        return self.say(
            self._(
                "I cannot connect to the cloud just now. I keep trying; nothing is lost, and the "
                "sending goes on by itself."
            )
        )

    def busy(self, code: str) -> Sentence:
        return self.say(
            self._(
                "The cloud is busy ({code}). The phones of that call are sent again, each time "
                "after a longer wait."
            ),
            code=Code(code),
        )

    def read_back_unproven(self) -> str:
        return self._("the job ended well, yet the route read back is another")

    def job_stalled(self) -> str:
        return self._(
            "no job of its server has ended for too long, and the route read back is another"
        )

    def jobs_too_long(self) -> str:
        return self._(
            "the jobs of its server run for too long in all, and the route read back is another"
        )

    def job_forgotten(self) -> str:
        return self._("the cloud no longer knows the job, and the route read back is another")

    def no_proof(self) -> str:
        return self._("no answer from the cloud, and the route read back is another")
