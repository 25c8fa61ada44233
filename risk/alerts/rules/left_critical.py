"""退出关键: the level on the low end was orange or red and is no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from risk.alerts.model import AlertDraft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from risk.alerts.model import RuleContext


class LeftCritical:
    """Opens when a node is no longer critical or gone; stays until it is read or critical again."""

    rule_id: Final = "left_critical"
    ends_when_read: Final = True

    def evaluate(self, context: RuleContext) -> tuple[AlertDraft, ...]:
        """Draft an alert for every node that is known not to be critical."""
        return tuple(self._drafts(context))

    def _drafts(self, context: RuleContext) -> Iterator[AlertDraft]:
        criteria = context.criteria
        for change in context.changes:
            unknown = change.after is not None and not change.after.scored
            if not unknown and not criteria.is_critical(change.after):
                yield AlertDraft(self.rule_id, change, opens=criteria.is_critical(change.before))
