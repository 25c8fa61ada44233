"""新增结构性单点: a stop that leaves a slot with less than a fifth of its need, where none did before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from risk.alerts.model import AlertDraft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from risk.alerts.model import NodeChange, RuleContext


class StructuralSpof:
    """Opens when a node becomes a structural SPOF in either mode; holds while it is one."""

    rule_id: Final = "structural_spof"
    ends_when_read: Final = False

    def evaluate(self, context: RuleContext) -> tuple[AlertDraft, ...]:
        """Draft an alert for every structural SPOF, and for nodes of which nothing is known any more."""
        return tuple(self._drafts(context))

    def _drafts(self, context: RuleContext) -> Iterator[AlertDraft]:
        for change in context.changes:
            if change.after is None:
                continue
            if change.after.structural:
                yield AlertDraft(self.rule_id, change, opens=_became(change))
            elif not change.after.scored:
                yield AlertDraft(self.rule_id, change, opens=False)


def _became(change: NodeChange) -> bool:
    before, after = change.before, change.after
    if after is None:
        return False
    was_run = before is not None and before.structural_run
    was_build = before is not None and before.structural_build
    return (after.structural_run and not was_run) or (after.structural_build and not was_build)
