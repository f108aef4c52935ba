"""What the gallery shows: one scene for each state of a card and each form, as people make them.

A scene is a function in one of these modules; the table below says in which order they come.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from tests.browser.scenes import forms, over, under_way, waiting
from tests.browser.scenes.shot import Shot
from tests.walk.stage import Stage

Scene = Callable[[Stage], Awaitable[Shot]]

SCENES: Final[Mapping[str, Scene]] = {
    scene.__name__.replace("_", " "): scene
    for scene in (
        waiting.pending,
        waiting.pending_by_terms,
        waiting.pending_left_out,
        waiting.pending_many,
        waiting.two_stages,
        waiting.two_stages_one_given,
        waiting.protected,
        waiting.escalated,
        waiting.empty_approvers,
        waiting.glass_possible,
        waiting.pending_frozen,
        waiting.pending_paused,
        waiting.planning_again,
        waiting.under_another_policy,
        waiting.in_place_of,
        under_way.approved,
        under_way.running,
        under_way.running_slowly,
        under_way.running_without_approval,
        under_way.halted_by_the_cloud,
        under_way.halted_by_a_pause,
        under_way.halted_by_a_freeze,
        under_way.cancelling,
        over.done,
        over.done_in_part,
        over.done_unclear,
        over.cancelled,
        over.refused,
        over.denied,
        over.expired,
        over.withdrawn,
        over.replaced,
        over.to_be_reviewed,
        over.reviewed,
        forms.question_approve,
        forms.form_typed_number,
        forms.form_deny,
        forms.form_break_glass,
        forms.form_edit,
        forms.form_edit_kept,
        forms.form_ask_again,
        forms.form_new,
    )
}
