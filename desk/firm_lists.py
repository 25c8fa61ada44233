"""Firm networks as rows of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.errors import Sentence
from desk.firm_pages import read_firm_alerts, read_firm_scores
from risk.errors import RunStateError

if TYPE_CHECKING:
    from desk.firm_pages import NetworkStanding
    from desk.output import Cell
    from settings import Settings


def top_cells(settings: Settings, standing: NetworkStanding, *, top: int) -> list[dict[str, Cell]]:
    """List the firms with the largest index.

    Parameters
    ----------
    settings
        Where the database is.
    standing
        A network with a run.
    top
        How many.

    Returns
    -------
    list of dict
        ``rank``, ``firm_id``, ``name``, ``sector``, ``city``, ``share`` (of the network's sales, 0 to 1),
        ``esri``, ``esri_down``, ``esri_up`` (0 to 1), ``sweeps``.

    Raises
    ------
    RunStateError
        When the network was never computed.
    """
    if standing.run is None:
        key = standing.network.key
        raise RunStateError(
            f"firm network {key} was never computed; run: lianwen firms compute --network {key}",
            zh=f"企业网络 {key} 还没有计算;请运行 lianwen firms compute --network {key}",
        )
    scores = read_firm_scores(settings, standing.run, top=top)
    return [
        {"rank": place, "share": row["sales"] / standing.network.sales} | row
        for place, row in enumerate(scores.iter_rows(named=True), start=1)
    ]


def tell_standing(standing: NetworkStanding) -> Sentence:
    """Say what an index rests on.

    Parameters
    ----------
    standing
        A network with a run.

    Returns
    -------
    Sentence
        Network, run, parameters, and that it is no probability.
    """
    run, net = standing.run, standing.network
    if run is None:
        return Sentence(f"{net.key}: not computed", f"{net.key}:尚未计算")
    market = "" if run.replaceability else ", without replacement"
    market_zh = "" if run.replaceability else ",不考虑同行业替代"
    return Sentence(
        f"{net.key}, {net.firms:,} firms, loaded {net.loaded_at:%Y-%m-%d}; run #{run.run_id} of "
        f"{run.started_at:%Y-%m-%d}, eps {run.eps:g}, at most {run.largest_sweeps} sweeps{market}. "
        "The index is the share of the network's sales that stops in the model, not a probability.",
        f"{net.key},企业 {net.firms:,} 家,{net.loaded_at:%Y-%m-%d} 装入;"
        f"运行 #{run.run_id}({run.started_at:%Y-%m-%d}),"
        f"eps {run.eps:g},最多 {run.largest_sweeps} 轮{market_zh}。"
        "指数是模型中停掉的全网销售份额,不是概率。",
    )


def alert_cells(settings: Settings, key: str | None) -> list[dict[str, Cell]]:
    """List alerts on firms, the newest first.

    Parameters
    ----------
    settings
        Where the database is.
    key
        Only of this network.

    Returns
    -------
    list of dict
        Indices are 0 to 1; blank where a run did not have the firm.
    """
    return [
        {
            "alert_id": view.alert.alert_id,
            "network": view.alert.network_key,
            "firm_id": view.alert.firm_id,
            "name": view.alert.name,
            "state": view.alert.state.value,
            "before": view.alert.before,
            "after": view.alert.after,
            "last": view.alert.last,
            "opened_at": view.alert.opened_at.isoformat(timespec="seconds"),
        }
        for view in read_firm_alerts(settings, key)
    ]
