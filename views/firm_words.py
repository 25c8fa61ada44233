"""Words about firm networks that several pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.firms.model import NetworkOrigin
from views.i18n import _

if TYPE_CHECKING:
    from risk.firms.model import StoredNetwork


def network_title(network: StoredNetwork) -> str:
    """Name a network.

    Parameters
    ----------
    network
        Its load.

    Returns
    -------
    str
        As its officer named it; the synthetic one in the session's language.
    """
    return _("合成示例企业网络") if network.origin == NetworkOrigin.EXAMPLE else network.title
