"""The command line: parses words, calls the desk, writes data to stdout and everything else to stderr."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from chains.model import End, Mode, Perspective, Region, Scope
from commands import (
    care,
    depth,
    firm_networks,
    firms,
    imports,
    ledger,
    lists,
    monitor,
    remembered,
    scenarios,
    uploads,
    visits,
)
from commands.framing import (
    EXIT_FAILED,
    LOG,
    ChainOption,
    FormatOption,
    ModeOption,
    PerspectiveOption,
    Progress,
    count_errors,
    framed,
    one_of,
    prepare,
    read_settings,
    tell,
    tell_problems,
    whole,
    write,
    write_rows,
)
from desk.output import Format
from risk.model import MAIN_HORIZON, SCOPES

_ALL_SCOPES = ",".join(SCOPES)

app = typer.Typer(
    name="lianwen",
    help="链稳 Lianwen:产业链供应链韧性监测 (supply-chain resilience monitor)",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    app()
    sys.exit(0)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  # typer calls it like this
    if wanted:
        from settings import VERSION

        write(f"lianwen {VERSION}\n")
        raise typer.Exit


@app.callback()
def start(
    *,
    version: Annotated[  # noqa: ARG001  # answered by its callback
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="显示版本")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="出错时显示详情 (show tracebacks)")] = False,
) -> None:
    """Read the options that stand before any command."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    if debug:
        LOG.setLevel(logging.DEBUG)


@app.command("init")
@framed
def init(
    *,
    empty: Annotated[bool, typer.Option("--empty", help="只建库,不装入随附数据")] = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="CHAIN", help="不装入(并移除)这条随附的链;下次不写则重新装入"),
    ] = None,
) -> None:
    """建立或升级数据库,装入有变化的随附数据;可重复执行 (create or migrate, load shipped data)."""
    from desk.loading import initialise

    result = initialise(prepare(), empty=empty, without=tuple(without or ()))
    tell(result.sentence)


@app.command("check")
@framed
def check(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="链文件夹,或其上级文件夹")] = None,
) -> None:
    """检查数据,指出每个问题的文件和行 (name file and row of each problem; exit 1 on errors)."""
    from desk.loading import check_data

    settings = read_settings()
    problems = check_data(folder or settings.data_dir)
    write("".join(f"{problem.say(settings.language)}\n" for problem in problems))
    errors = count_errors(problems)
    tell(f"检查完毕:错误 {errors} 个,警告 {len(problems) - errors} 个")
    if errors:
        raise typer.Exit(EXIT_FAILED)


@app.command("import-chain")
@framed
def import_chain(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="链文件夹;文件夹名即产业链编号")],
) -> None:
    """导入一条链;重复导入即替换该文件夹的事实 (import a chain folder, all or nothing)."""
    from desk import loading

    result = loading.import_chain(prepare(), folder)
    tell_problems(result.problems)
    tell(result.sentence)
    if result.refused:
        raise typer.Exit(EXIT_FAILED)


@app.command("recompute")
@framed
def recompute(
    *,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", metavar="ID", help="产业链编号;不写则全部")
    ] = None,
    horizon: Annotated[
        int, typer.Option("--horizon", parser=whole, metavar="DAYS", help="主推演期(天)")
    ] = MAIN_HORIZON,
    scopes: Annotated[str, typer.Option("--scopes", help="节点范围,逗号分隔")] = _ALL_SCOPES,
    perspective: Annotated[
        str | None,
        typer.Option("--perspective", metavar="[world|home|both]", help="视角:全球、本土或两种都算"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="本机进程数;不写则用线程")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="tcp://…", help="dask.distributed 集群地址")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON 数组")] = False,
) -> None:
    """计算评分,两种口径 (compute and store the scores, both modes)."""
    from desk.computing import recompute_chains
    from desk.run_cells import lay_out_runs
    from desk.words import parse_perspectives, parse_scopes

    perspectives = parse_perspectives(perspective)

    with Progress() as progress:
        summaries = recompute_chains(
            prepare(),
            tuple(chain or ()),
            horizon=horizon,
            scopes=parse_scopes(scopes),
            perspectives=perspectives,
            workers=workers,
            cluster=cluster,
            progress=progress,
        )
    write(lay_out_runs(summaries, perspectives, form=Format.JSON if as_json else Format.TABLE))


@app.command("scores")
@framed
def scores(
    *,
    chain: ChainOption,
    scope: Annotated[
        Scope | None,
        typer.Option(
            "--scope", parser=one_of(Scope), metavar="SCOPE", help="只列这一范围的节点,如 country、source"
        ),
    ] = None,
    mode: ModeOption = Mode.RUN,
    end: Annotated[End, typer.Option("--end", help="point 点值,low 低端,high 高端")] = End.POINT,
    horizon: Annotated[
        int | None,
        typer.Option("--horizon", parser=whole, metavar="DAYS", help="推演期;不写则取该次运行的主推演期"),
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, metavar="N", help="只列最差的 N 个")] = None,
    perspective: PerspectiveOption = Perspective.WORLD,
    side: Annotated[
        Region | None,
        typer.Option(
            "--side",
            parser=one_of(Region),
            metavar="[abroad|home]",
            help="abroad 只列境外的节点,home 只列境内的",
        ),
    ] = None,
    verdicts: Annotated[
        bool, typer.Option("--verdicts", help="再列出对每条线(两种口径的红、橙、黄)的判断")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """列出最近一次成功运行的评分 (scores of the latest successful run)."""
    from desk.rows import BRIEF_COLUMNS, SCORE_COLUMNS, list_cells
    from desk.scores import choose_scores, list_scores

    found = list_scores(
        prepare(), chain, scope=scope, mode=mode, end=end, horizon=horizon, perspective=perspective
    )
    found = choose_scores(found, mode=mode, perspective=perspective, side=side, top=top)
    columns: tuple[str, ...] = BRIEF_COLUMNS if form is Format.TABLE else SCORE_COLUMNS
    if verdicts:
        from desk.verdicts import LINE_COLUMNS, add_verdicts

        found, columns = add_verdicts(prepare(), chain, found, perspective), (*columns, *LINE_COLUMNS)
    write_rows(list_cells(found), columns, form)


@app.command("worst")
@framed
def worst(
    *,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", metavar="ID", help="产业链编号;不写则全部")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="每组列出几个")] = 10,
    perspective: PerspectiveOption = Perspective.WORLD,
) -> None:
    """列出每条链最薄弱的节点及其瀑布分解 (the worst nodes of each chain)."""
    from desk.report import render_worst
    from desk.scores import worst_nodes

    for found in worst_nodes(prepare(), tuple(chain or ()), top=top, perspective=perspective):
        write(render_worst(found))


@app.command("serve")
@framed
def serve(
    *,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, metavar="N", help="端口;不写则从 8501 起自动选择"),
    ] = None,
    with_scheduler: Annotated[
        bool, typer.Option("--with-scheduler", help="同时启动计划进程:执行排队的运行,每晚检查数据变化")
    ] = False,
    address: Annotated[
        str, typer.Option("--address", metavar="IP", help="只接受本机地址;有账户之前不向网络开放")
    ] = "127.0.0.1",
) -> None:
    """在本机打开页面,按 Ctrl-C 结束 (serve the pages on the loopback address)."""
    from desk import serving

    serving.check_address(address)
    settings = prepare()
    serving.serve(settings, port=port, with_scheduler=with_scheduler, announce=lambda url: write(url + "\n"))


@app.command("worker", hidden=True)
@framed
def worker(
    *,
    until_empty: Annotated[bool, typer.Option("--until-empty", help="队列空了就结束")] = False,
) -> None:
    """逐个执行排队的运行,直到收到结束信号 (execute queued runs until told to stop)."""
    settings = prepare()
    from desk.worker import work

    work(settings, until_empty=until_empty)


for module in (
    monitor,
    care,
    imports,
    ledger,
    uploads,
    lists,
    remembered,
    firm_networks,
    visits,
    depth,
    scenarios,
    firms,
):
    module.add_commands(app)

if __name__ == "__main__":
    main()
