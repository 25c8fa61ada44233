"""新增系统性企业: the economic systemic risk index of a firm rises over the line.

Its subjects are firms of a firm network, not nodes of a chain, so it stands beside `RULES` and the review of
firm runs asks it. The index says how much of the network's sales stops with the firm, never whether it will.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from risk.firms.model import FirmDraft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from risk.firms.model import FirmChange, FirmContext


class NewlySystemic:
    """Opens when a firm crosses the line, at once on new data, else in the second run; holds down to 0.8.

    On unchanged data a crossing can only come from the program, so two runs must agree.
    """

    rule_id: Final = "newly_systemic"

    def evaluate(self, context: FirmContext) -> tuple[FirmDraft, ...]:
        """Draft an alert for every firm above the lower line."""
        return tuple(self._drafts(context))

    def _drafts(self, context: FirmContext) -> Iterator[FirmDraft]:
        for change in context.changes:
            if change.after is not None and change.after >= context.criteria.holds_from:
                yield FirmDraft(self.rule_id, change, opens=_crossed(change, context))


def _crossed(change: FirmChange, context: FirmContext) -> bool:
    line = context.criteria.systemic_from

    def is_above(index: float | None) -> bool:
        return index is not None and index >= line

    if not is_above(change.after):
        return False
    if not is_above(change.before):
        return context.data_changed
    return not context.data_changed and context.has_earlier and not is_above(change.earlier)
