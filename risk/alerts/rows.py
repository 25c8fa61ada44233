"""Between JSON columns and values: evidence and standings."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chains.model import Mode
from risk.alerts.model import DataAge, Evidence, Figures, NodeStanding, UploadRef
from risk.model import Level, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """Lay evidence out as JSON.

    Parameters
    ----------
    evidence
        The value.

    Returns
    -------
    dict
        Words, numbers, null.
    """
    return asdict(evidence)


def read_evidence(stored: dict[str, Any]) -> Evidence:
    """Rebuild evidence.

    Parameters
    ----------
    stored
        From `evidence_json`.

    Returns
    -------
    Evidence
        Equal to what was stored.
    """
    age = stored["data_age"]
    return Evidence(
        before=_standing(stored["before"]),
        after=_standing(stored["after"]),
        data_version_before=stored["data_version_before"],
        data_version_after=stored["data_version_after"],
        uploads=tuple(UploadRef(**upload) for upload in stored["uploads"]),
        data_age=DataAge(**age) if age else None,
    )


def _standing(stored: dict[str, Any] | None) -> NodeStanding | None:
    if stored is None:
        return None
    return judged_standing(stored, run=Figures(**stored["run"]), build=Figures(**stored["build"]))


def judged_standing(cells: Mapping[str, Any], *, run: Figures, build: Figures) -> NodeStanding:
    """Build a standing from the cells of its judgement.

    Parameters
    ----------
    cells
        By field of `NodeStanding`; words as text.
    run, build
        The scores of both modes.

    Returns
    -------
    NodeStanding
        Words as enumerations.
    """
    return NodeStanding(
        level=Level(cells["level"]),
        level_run=Level(cells["level_run"]),
        level_build=Level(cells["level_build"]),
        level_point=Level(cells["level_point"]),
        level_high=Level(cells["level_high"]),
        decided_by=Mode(cells["decided_by"]),
        verdict=Verdict(cells["verdict"]),
        structural_run=cells["structural_run"],
        structural_build=cells["structural_build"],
        scored=cells["scored"],
        run=run,
        build=build,
    )
