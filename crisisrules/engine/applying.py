"""Which function of the fold applies each type of event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from crisisrules.engine import fold_comments, fold_governance, fold_incidents, fold_posts
from crisisrules.engine.scene import Seen

APPLY: Final[dict[str, Callable[..., Seen | None]]] = {
    "page.described": fold_incidents.apply_described,
    "incident.opened": fold_incidents.apply_opened,
    "incident.updated": fold_incidents.apply_updated,
    "incident.recovered": fold_incidents.apply_recovered,
    "incident.resolved": fold_incidents.apply_resolved,
    "incident.dismissed": fold_incidents.apply_dismissed,
    "information.released": fold_incidents.apply_released,
    "post.published": fold_posts.apply_published,
    "post.edited": fold_posts.apply_edited,
    "post.pinned": fold_posts.apply_pinned,
    "post.removed": fold_posts.apply_post_removed,
    "post.counted": fold_comments.apply_counted,
    "comment.received": fold_comments.apply_comment,
    "comment.removed": fold_comments.apply_comment_removed,
    "reply.published": fold_posts.apply_replied,
    "item.scheduled": fold_governance.apply_item,
    "item.held": fold_governance.apply_item,
    "item.cleared": fold_governance.apply_item,
    "item.cancelled": fold_governance.apply_item,
    "draft.submitted": fold_governance.apply_draft,
    "approval.requested": fold_governance.apply_draft,
    "approval.decided": fold_governance.apply_draft,
    "shift.planned": fold_governance.apply_shift,
    "shift.started": fold_governance.apply_shift,
    "shift.ended": fold_governance.apply_shift,
    "shift.handed_over": fold_governance.apply_shift,
    "maintenance.planned": fold_governance.apply_maintenance,
    "maintenance.cancelled": fold_governance.apply_maintenance_cancelled,
    "record": fold_governance.apply_record,
    "clock": fold_governance.apply_clock,
}
"""How each type of event is applied; ``page.observed`` is first turned into the others."""
