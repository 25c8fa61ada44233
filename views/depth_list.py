"""Fake backups in sentences, for the pages that tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from risk.depth.model import FakeKind, TargetKind
from views import depth_words
from views.i18n import _

if TYPE_CHECKING:
    from desk.depth import DepthReport
    from risk.depth.model import FakeBackup, TargetDepth


def sure_fakes(depths: DepthReport) -> list[tuple[TargetDepth, FakeBackup]]:
    """Find the fake backups that are certain, buyers' own inputs first.

    Parameters
    ----------
    depths
        Of the chain.

    Returns
    -------
    list of tuple
        Target and fake backup; inputs that every maker needs are left out.
    """
    return [
        (depth, fake)
        for depth in depths.depths
        for fake in depth.fakes
        if fake.sure and fake.kind is FakeKind.OWN and depth.target.kind is not TargetKind.END
    ]


def draw_fakes(depths: DepthReport, *, most: int) -> bool:
    """Draw one line a certain fake backup.

    Parameters
    ----------
    depths
        Of the chain.
    most
        How many to tell; the others are counted.

    Returns
    -------
    bool
        Whether there was any.
    """
    found = sure_fakes(depths)
    lines = [
        f"- **{_target_text(depths, depth)}**{_('：')}{depth_words.hides_text(depths, fake)}"
        for depth, fake in found[:most]
    ]
    if len(found) > most:
        lines.append("- " + _("另有 {n} 处，见备份与集中。").format(n=len(found) - most))
    st.markdown("\n".join(lines))
    return bool(found)


def _target_text(depths: DepthReport, depth: TargetDepth) -> str:
    target = depth.target
    buyer = depth_words.supplier_text(depths, target.buyer_id) if target.buyer_id else _("市场")
    return f"{buyer} · {depth_words.item_text(depths, target.item_id)}"
