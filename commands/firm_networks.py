"""Commands of firm networks as the product keeps them. `cli.py` adds them to the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from commands.framing import (
    FormatOption,
    Progress,
    framed,
    language_in_use,
    prepare,
    tell,
    tell_problems,
    write_rows,
)
from desk.output import Format

NetworkOption = Annotated[
    str | None, typer.Option("--network", metavar="KEY", help="企业网络的名称;只有一个时可不写")
]
_TOP: Final = (
    *("rank", "firm_id", "name", "sector", "city", "share", "esri", "esri_down", "esri_up", "sweeps"),
)
_ALERTS: Final = ("alert_id", "network", "firm_id", "name", "state", "before", "after", "last", "opened_at")


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """
    firms = typer.Typer(
        help="企业网络:装入、计算系统性风险指数、列出 (firm networks and their index)", no_args_is_help=True
    )
    app.add_typer(firms, name="firms")
    _add_import(firms)
    _add_compute(firms)
    _add_lists(firms)
    _add_rest(firms)


def _add_import(firms: typer.Typer) -> None:
    @firms.command("import")
    @framed
    def import_network(
        *,
        network: Annotated[str, typer.Option("--network", metavar="KEY", help="名称:小写字母、数字、连字符")],
        edges: Annotated[Path, typer.Option("--edges", help="往来:supplier,buyer,weight")],
        firms_file: Annotated[Path, typer.Option("--firms", help="企业:id,sector,可加 name,city,uscc")],
        essential: Annotated[
            Path, typer.Option("--essential", help="关键性矩阵:首列供应方行业,其余列采购方行业,0/1/2")
        ],
        title: Annotated[str | None, typer.Option("--title", help="页面上的名称")] = None,
    ) -> None:
        """装入一个企业网络;同名则替换,运行记录保留 (store a firm network)."""
        from desk.firm_networks import NetworkFilesGiven, import_network

        files = NetworkFilesGiven(edges, firms_file, essential)
        result = import_network(prepare(), network, files=files, title=title)
        tell_problems(result.problems)
        tell(result.sentence.say(language_in_use()))


def _add_compute(firms: typer.Typer) -> None:
    @firms.command("compute")
    @framed
    def compute(
        *,
        network: NetworkOption = None,
        eps: Annotated[float, typer.Option("--eps", help="一轮中最大降幅不超过它就停止")] = 0.01,
        no_replaceability: Annotated[
            bool, typer.Option("--no-replaceability", help="不考虑同行业替代")
        ] = False,
        horizon_sweeps: Annotated[
            int | None, typer.Option("--horizon-sweeps", min=1, metavar="N", help="最多几轮")
        ] = None,
        workers: Annotated[int | None, typer.Option("--workers", min=1, help="线程数")] = None,
    ) -> None:
        """计算每家企业停下时全网损失的份额,存为一次运行 (compute and store the index of all firms)."""
        settings = prepare()
        from desk.firm_networks import compute_network

        with Progress() as progress:
            result = compute_network(
                settings,
                network,
                eps=eps,
                replaceability=not no_replaceability,
                max_sweeps=horizon_sweeps,
                workers=workers,
                progress=lambda done, count: progress(network or "", done / max(count, 1)),
            )
        tell(result.sentence.say(language_in_use()))


def _add_lists(firms: typer.Typer) -> None:
    @firms.command("top")
    @framed
    def top(
        *,
        network: NetworkOption = None,
        top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="列出几家")] = 20,
        form: FormatOption = Format.TABLE,
    ) -> None:
        """列出指数最大的企业 (the firms whose stop costs the network most)."""
        settings = prepare()
        from desk.firm_lists import tell_standing, top_cells
        from desk.firm_pages import read_standing

        standing = read_standing(settings, network)
        write_rows(top_cells(settings, standing, top=top), _TOP, form)
        tell(tell_standing(standing).say(language_in_use()))

    @firms.command("alerts")
    @framed
    def alerts(*, network: NetworkOption = None, form: FormatOption = Format.TABLE) -> None:
        """列出新增系统性企业的预警 (alerts on newly systemic firms)."""
        settings = prepare()
        from desk.firm_lists import alert_cells

        write_rows(alert_cells(settings, network), _ALERTS, form)


def _add_rest(firms: typer.Typer) -> None:
    @firms.command("example")
    @framed
    def example() -> None:
        """装入合成示例企业网络并计算 (store and compute the synthetic network)."""
        settings = prepare()
        from desk.firm_networks import load_example_network

        tell(load_example_network(settings).sentence.say(settings.language))

    @firms.command("remove")
    @framed
    def remove(
        network: Annotated[str, typer.Argument(metavar="KEY", help="企业网络的名称")],
    ) -> None:
        """移除一个企业网络;运行记录保留 (take a network out of use)."""
        settings = prepare()
        from desk.firm_networks import remove_network

        tell(remove_network(settings, network).say(settings.language))
