"""Chains as this process scored them last, so that the next run computes only what changed since."""

from __future__ import annotations

import json
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from risk.incremental import ScoredChain
    from risk.model import RunRequest

MOST = 6


class KeptStates:
    """A few scored chains by what their scores rest on besides the facts.

    Parameters
    ----------
    most
        How many are kept; the one used longest ago goes first.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._states: OrderedDict[str, ScoredChain] = OrderedDict()
        self._lock = Lock()

    def take(self, basis: str) -> ScoredChain | None:
        """Give the chain that was scored on the same basis; nobody else is given it until it is put back.

        Parameters
        ----------
        basis
            From `basis_of`.

        Returns
        -------
        ScoredChain or None
            None when no run of this process had the basis.
        """
        with self._lock:
            return self._states.pop(basis, None)

    def put(self, basis: str, state: ScoredChain) -> None:
        """Keep a chain as it was scored now.

        Parameters
        ----------
        basis
            From `basis_of`.
        state
            From `risk.incremental.compute_changes`.
        """
        with self._lock:
            self._states[basis] = state
            while len(self._states) > self._most:
                self._states.popitem(last=False)


def basis_of(request: RunRequest, parameters: Mapping[str, Any], code_version: str) -> str:
    """Write what two runs must share for one to start from the other: all but the facts.

    Parameters
    ----------
    request
        Chain, horizon, scopes, perspective.
    parameters
        Home, defaults and levels, as plain values.
    code_version
        Of this program.

    Returns
    -------
    str
        Equal for the same basis.
    """
    asked = [request.chain_id, request.perspective, request.main_horizon, sorted(request.scopes)]
    return json.dumps([asked, parameters, code_version], ensure_ascii=False, sort_keys=True)
