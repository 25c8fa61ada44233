"""新增关键节点: the level on the low end rises into orange or red."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from risk.alerts.model import AlertDraft
from risk.model import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from risk.alerts.model import NodeChange, RuleContext


class NewlyCritical:
    """Opens when the level rises to a critical one, also from orange to red; holds while it is critical."""

    rule_id: Final = "newly_critical"
    ends_when_read: Final = False

    def evaluate(self, context: RuleContext) -> tuple[AlertDraft, ...]:
        """Draft an alert for every node that is critical, or of which nothing is known any more."""
        return tuple(self._drafts(context))

    def _drafts(self, context: RuleContext) -> Iterator[AlertDraft]:
        for change in context.changes:
            if context.criteria.is_critical(change.after):
                yield AlertDraft(self.rule_id, change, opens=_rose(change))
            elif change.after is not None and not change.after.scored:
                # Unknown is not safe: without scores nobody can say that it is over.
                yield AlertDraft(self.rule_id, change, opens=False)


def _rose(change: NodeChange) -> bool:
    before = change.before.level if change.before else Level.NONE
    return change.after is not None and change.after.level.rank > before.rank
