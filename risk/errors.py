"""Broken promises of the risk package."""

from __future__ import annotations

from chains.errors import LianwenError


class ParameterError(LianwenError):
    """A run or scenario parameter is outside what the model defines."""

    code = "parameter"


class RunStateError(LianwenError):
    """A run is not in the state that the operation needs."""

    code = "run-state"


class StaleAlertError(LianwenError):
    """An alert has changed since it was read, so nothing was written."""

    code = "stale-alert"


class SchedulerRunningError(LianwenError):
    """Another process is the scheduler already."""

    code = "scheduler-running"


class ScenarioNameError(LianwenError):
    """A scenario cannot be kept under this name."""

    code = "scenario-name"
