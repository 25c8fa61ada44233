"""Commands of the daily watch: alerts and the scheduler. `cli.py` adds them to the command line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from chains.model import Perspective
from commands.framing import framed, one_of, prepare
from desk.output import Format, render_rows
from risk.alerts.model import AlertState


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """
    _add_alerts(app)
    _add_scheduler(app)


def _add_alerts(app: typer.Typer) -> None:
    @app.command("alerts")
    @framed
    def alerts(
        *,
        chain: Annotated[
            str | None, typer.Option("--chain", metavar="ID", help="产业链编号;不写则全部")
        ] = None,
        state: Annotated[
            AlertState | None, typer.Option("--state", help="只列这一状态的预警;不写则全部")
        ] = None,
        perspective: Annotated[
            Perspective | None,
            typer.Option(
                "--perspective",
                parser=one_of(Perspective),
                metavar="[world|home]",
                help="只列这一视角的预警;不写则两种都列",
            ),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON 数组,含前后数值和处理记录")] = False,
    ) -> None:
        """列出预警:哪些节点变成或不再是关键 (list the alerts, the newest first)."""
        from desk.alert_cells import alert_columns, render_alerts, table_cells
        from desk.alerts import list_alerts

        views = list_alerts(prepare(), chain_id=chain, state=state, perspective=perspective)
        text = (
            render_alerts(views)
            if as_json
            else render_rows(table_cells(views), alert_columns(views), form=Format.TABLE)
        )
        typer.echo(text.encode(), nl=False)
        sys.stdout.flush()


def _add_scheduler(app: typer.Typer) -> None:
    @app.command("scheduler")
    @framed
    def scheduler(
        *,
        quiet: Annotated[bool, typer.Option("--quiet", help="启动时不打印说明")] = False,
    ) -> None:
        """执行排队的运行,每晚检查数据变化,直到收到结束信号 (the scheduler process; one at a time)."""
        settings = prepare()
        from desk.schedule import run_scheduler

        def announce(sentence: str) -> None:
            if not quiet:
                typer.echo(sentence, err=True)

        run_scheduler(settings, announce=announce)
