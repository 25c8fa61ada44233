"""Between rows of the database and values: runs, nodes and judgements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chains.model import Scope
from risk.model import Judgement, Run, RunRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from chains.errors import Sentence
    from risk.model import Node


def node_row(run_id: int, position: int, node: Node, judgement: Judgement) -> dict[str, Any]:
    """Lay a node and its judgement out as columns of `RunNodeRow`.

    Parameters
    ----------
    run_id
        Whose node.
    position
        Its place in canonical order.
    node, judgement
        The values.

    Returns
    -------
    dict
        Column to value.
    """
    item, level = judgement.worst_slot or (None, None)
    return {
        "run_id": run_id,
        "node": position,
        "scope": node.scope,
        "key": node.key,
        "name_zh": node.name_zh,
        "name_en": node.name_en,
        "country": node.country,
        "province": node.province,
        "city": node.city,
        "home": node.home,
        "firms": node.firms,
        "scored": node.scored,
        "level": judgement.level,
        "level_run": judgement.level_run,
        "level_build": judgement.level_build,
        "level_point": judgement.level_point,
        "level_high": judgement.level_high,
        "decided_by": judgement.decided_by,
        "verdict": judgement.verdict,
        "structural_run": judgement.structural_run,
        "structural_build": judgement.structural_build,
        "worst_slot_item": item,
        "worst_slot_level": level,
        "defaults": list(judgement.defaults),
    }


def to_judgement(cells: Sequence[Any]) -> Judgement:
    """Rebuild a judgement.

    Parameters
    ----------
    cells
        Columns of `RunNodeRow` from ``level`` to ``defaults``, in that order.

    Returns
    -------
    Judgement
        As recorded.
    """
    item, level, defaults = cells[-3:]
    worst = None if item is None else (item, level)
    level, run, build, point, high, mode, verdict, structural_run, structural_build = cells[:9]
    return Judgement(
        level,
        run,
        build,
        point,
        high,
        mode,
        verdict,
        structural_run,
        structural_build,
        worst,
        tuple(defaults),
    )


def to_run(row: Row[Any]) -> Run:
    """Rebuild a run.

    Parameters
    ----------
    row
        Columns of `RunRow` but for the lease.

    Returns
    -------
    Run
        As it stands.
    """
    request = RunRequest(
        chain_id=row.chain_id,
        main_horizon=row.main_horizon,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        reason=row.reason,
        requested_by=row.requested_by,
        perspective=row.perspective,
    )
    message, message_zh = _split_message(row.message)
    return Run(
        run_id=row.id,
        request=request,
        status=row.status,
        queued_at=row.queued_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        data_version=row.data_version,
        code_version=row.code_version,
        defaults_digest=row.defaults_digest,
        node_count=row.node_count,
        engine_seconds=row.engine_seconds,
        total_seconds=row.total_seconds,
        progress=row.progress,
        message=message,
        message_zh=message_zh,
        parameters=row.parameters,
    )


def message_text(reason: Sentence) -> str:
    """Lay out why a run failed as the text of `RunRow.message`: English, then Chinese, one line each.

    Parameters
    ----------
    reason
        The sentence.

    Returns
    -------
    str
        Two lines; line breaks inside a sentence become blanks.
    """
    return "\n".join(" ".join(sentence.splitlines()) for sentence in (reason.en, reason.zh))


def _split_message(text: str | None) -> tuple[str | None, str | None]:
    if text is None:
        return None, None
    message, _, message_zh = text.partition("\n")
    return message, message_zh or message
