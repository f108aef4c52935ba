"""What the thread under a card says."""

from collections.abc import Sequence

from bot.divert.outcome import Counts
from bot.divert.phones import Route
from bot.divert.policy import Refused, Why
from bot.divert.sentence import Code, Sentence
from bot.divert.wording.card import OnCard


class InThreadWords(OnCard):
    """Posts under the card; no mention here, it would wake people on every line."""

    __slots__ = ()

    def unknown_phones(self, ids: Sequence[str], count: int) -> Sentence:
        return self.say(
            self.n_(
                "{n} phone is unknown to the cloud in this project: {ids}",
                "{n} phones are unknown to the cloud in this project: {ids}",
                count,
            ),
            n=self.number(count),
            ids=tuple(Code(one) for one in ids),
        )

    def excluded_phones(self, ids: Sequence[str], count: int) -> Sentence:
        return self.say(
            self.n_("{n} phone is excluded: {ids}", "{n} phones are excluded: {ids}", count),
            n=self.number(count),
            ids=tuple(Code(one) for one in ids),
        )

    def unreadable_words(self, words: Sequence[str], count: int) -> Sentence:
        return self.say(
            self.n_("{n} word is unreadable: {words}", "{n} words are unreadable: {words}", count),
            n=self.number(count),
            words=tuple(Code(one) for one in words),
        )

    def unreadable_at(self, place: str, number: int, word: str) -> str:
        if place == "line":
            return self._("line {number}: {word}").format(number=number, word=word)
        return self._("word {number}: {word}").format(number=number, word=word)

    def plan_file(self) -> Sentence:
        return self.say(self._("The file lists every phone that would change."))

    def left_out_file(self) -> Sentence:
        return self.say(self._("The file lists every phone and word that is left out, and why."))

    def started(self, phones: int, route: Route) -> Sentence:
        return self.say(
            self.n_(
                "Approved. Sending {phones} phone to {route}.",
                "Approved. Sending {phones} phones to {route}.",
                phones,
            ),
            phones=self.number(phones),
            route=route,
        )

    def job_ids(self, jobs: Sequence[tuple[str, str]]) -> tuple[Sentence, ...]:
        """A line that says what follows, and one for each job."""
        line = self._("{phone} job {job}")
        return (
            self.say(self.n_("One job is under way:", "Jobs are under way:", len(jobs))),
            *(self.say("{job}", job=Code(line.format(phone=p, job=job))) for p, job in jobs),
        )

    def job_ids_file(self, jobs: int) -> Sentence:
        return self.say(
            self.n_(
                "Everything is sent; the file has the id of {jobs} job.",
                "Everything is sent; the file has the ids of {jobs} jobs.",
                jobs,
            ),
            jobs=self.number(jobs),
        )

    def error_group(
        self, code: str, phones: int, meaning: str, advice: str, ids: Sequence[str]
    ) -> Sentence:
        return self.say(
            self.n_(
                "{code} · {phones} phone: {meaning} {advice}\n{ids}",
                "{code} · {phones} phones: {meaning} {advice}\n{ids}",
                phones,
            ),
            code=Code(code or "?"),
            phones=self.number(phones),
            meaning=self.advised(meaning),
            advice=self.advised(advice),
            ids=tuple(Code(one) for one in ids),
        )

    def more_errors(self, codes: int) -> Sentence:
        return self.say(
            self.n_(
                "{n} more kind of error stands in the file.",
                "{n} more kinds of errors stand in the file.",
                codes,
            ),
            n=self.number(codes),
        )

    def outcome_file(self) -> Sentence:
        return self.say(
            self._("The file has every phone with its route before, its job and its end.")
        )

    def cancelled_rest(self, counts: Counts, cancelled: int) -> Sentence:
        return self.say(
            self.n_(
                "Cancelled: {n} phone will not be sent. {running} are still under way.",
                "Cancelled: {n} phones will not be sent. {running} are still under way.",
                cancelled,
            ),
            n=self.number(cancelled),
            running=self.number(counts.planned_at_first - counts.ended),
        )

    def resumed(self) -> Sentence:
        return self.say(self._("Going on where it was halted."))

    def leaving_out(self) -> Sentence:
        return self.say(
            self._(
                "The phones that may not take the change are left out; I am planning again, and "
                "earlier approvals no longer count."
            )
        )

    def replanning(self) -> Sentence:
        return self.say(self._("The plan was too old to approve; I am reading the cloud again."))

    def replanning_by_policy(self) -> Sentence:
        return self.say(
            self._(
                "The policy has changed, so approvals are void; I am reading the cloud again for "
                "a plan under the new one."
            )
        )

    def not_planned_again(self) -> Sentence:
        return self.say(
            self._("It could not be planned again, so nothing was sent. Who asked was told why.")
        )

    def glass_broken_in_thread(self, reason: str) -> Sentence:
        return self.say(
            self._("Started without approval, by breaking the glass: “{reason}”"), reason=reason
        )

    def not_started(self, refused: Refused) -> Sentence:
        if refused.why is Why.NOT_APPROVER:
            message = self._("Not started: an approval no longer counts under today's policy.")
        else:
            message = self._("Not started: who asked may no longer ask for this.")
        return self.say(message)

    def start_waits(self) -> Sentence:
        return self.say(
            self._("Slack could not confirm who asked and approved; I try again until it can.")
        )

    def nothing_to_change(
        self, unchanged: int, unknown: int, excluded: int, route: Route
    ) -> Sentence:
        there = self.n_("{n} is on {route} already", "{n} are on {route} already", unchanged)
        nowhere = self.n_(
            "{n} is unknown to the cloud in this project",
            "{n} are unknown to the cloud in this project",
            unknown,
        )
        left_out = self.n_("{n} is left out", "{n} are left out", excluded)
        return self.say(
            self._("There is nothing to change: {parts}. Nothing was asked for."),
            parts=", ".join(
                self.counted(
                    (unchanged, there), (unknown, nowhere), (excluded, left_out), route=route
                )
            ),
        )

    def held(self, phones: Sequence[tuple[str, str]], count: int) -> Sentence:
        return self.say(
            self.n_(
                "{n} of these phones belongs to another open request: {held}. Nothing was asked "
                "for; wait for that one, or leave the phone out.",
                "{n} of these phones belong to other open requests: {held}. Nothing was asked "
                "for; wait for those, or leave the phones out.",
                count,
            ),
            n=self.number(count),
            held=tuple(Code(f"{phone} in {request}") for phone, request in phones),
        )

    def cloud_unreadable(self, code: str, meaning: str, advice: str) -> Sentence:
        return self.say(
            self._(
                "I could not read the phones from the cloud ({code}): {meaning} {advice} "
                "Nothing was asked for."
            ),
            code=Code(code or "?"),
            meaning=self.advised(meaning),
            advice=self.advised(advice),
        )
