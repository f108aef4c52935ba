"""What is said where the machine or the database is in trouble: to who asks, and to operators."""

from bot.divert.failures import Trouble
from bot.divert.sentence import Code, Sentence
from bot.divert.wording.speech import Speech


class InTrouble(Speech):
    """To operators on whose machine, what is wrong and what to do; to others what became of it."""

    __slots__ = ()

    def not_now(self, trouble: Trouble) -> Sentence:
        """To who typed, clicked or sent a form; it may stand in a form, so it has no markup."""
        return self.say(
            self._(
                "I cannot use my database just now ({what}), so I took nothing down and changed "
                "nothing. Please do this again in a few minutes; the operators are told if it "
                "lasts."
            ),
            what=self._what(trouble),
        )

    def not_sure(self) -> Sentence:
        """The same, where it may have been taken down."""
        return self.say(
            self._(
                "My connection to the database broke just as I took this down, so I cannot tell "
                "whether I have it. Look at /cph status in a few minutes before you do it again."
            )
        )

    def trouble_begins(self, trouble: Trouble, host: str) -> Sentence:
        return self.say(
            self._("*I am in trouble on {host}*: {what}. {advice}"),
            host=Code(host),
            what=self._what(trouble),
            advice=self._advice(trouble),
        )

    def clock_jumped(self, seconds: float, host: str) -> Sentence:
        """By how much; forward is positive."""
        ahead = self._("*The clock of {host} jumped ahead by {span}.* {advice}")
        back = self._("*The clock of {host} jumped back by {span}.* {advice}")
        return self.say(
            ahead if seconds > 0 else back,
            host=Code(host),
            span=self.span(abs(seconds)),
            advice=self._advice(Trouble.CLOCK),
        )

    def trouble_over(self, trouble: Trouble, seconds: float, host: str) -> Sentence:
        return self.say(
            self._("*Over on {host}*, after {span}: {what}. I go on by myself; nothing is lost."),
            host=Code(host),
            what=self._what(trouble),
            span=self.span(seconds),
        )

    def _what(self, trouble: Trouble) -> str:
        return {
            Trouble.DISK: self._("the disk is full or cannot be written"),
            Trouble.LOCKED: self._("another program holds the database locked"),
            Trouble.AWAY: self._("the database does not answer"),
            Trouble.READ_ONLY: self._("the database can only be read"),
            Trouble.HANDLES: self._("hardly any file handle is left"),
            Trouble.CLOCK: self._("the clock jumped"),
        }[trouble]

    def _advice(self, trouble: Trouble) -> str:
        refused = self._("Until then I take no command, click or form, and say so to who tries.")
        return {
            Trouble.DISK: self._("Free some space where the database is.") + " " + refused,
            Trouble.LOCKED: self._("End what has the database open beside me, such as a backup.")
            + " "
            + refused,
            Trouble.AWAY: self._("Look whether the database runs and can be reached from here.")
            + " "
            + refused,
            Trouble.READ_ONLY: self._("Make it writable, or let me use the primary server.")
            + " "
            + refused,
            Trouble.HANDLES: self._(
                "Raise the limit of open files (ulimit -n, LimitNOFILE) and start me again if it "
                "stays so. Connections may fail meanwhile; what fails is done again."
            ),
            Trouble.CLOCK: self._(
                "Check its time service. Times of approval and waiting are reckoned by the new "
                "time, so an approval may end earlier or later than was said."
            ),
        }[trouble]
