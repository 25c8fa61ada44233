"""Broken promises of the risk package."""

from __future__ import annotations

from chains.errors import LianwenError


class ParameterError(LianwenError):
    """A run or scenario parameter is outside what the model defines."""

    code = "parameter"


class RunStateError(LianwenError):
    """A run is not in the state that the operation needs."""

    code = "run-state"
