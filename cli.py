"""The command line: parses words, calls the desk, writes data to stdout and everything else to stderr."""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, ParamSpec, Self

import typer

from chains.errors import LianwenError, Problem, Severity, UnknownKeyError
from chains.model import End, Mode, Scope
from cli_care import add_commands as add_care
from cli_import import add_commands as add_import
from cli_monitor import add_commands as add_monitor
from desk.output import Cell, Format, render_rows
from risk.errors import ParameterError
from risk.model import MAIN_HORIZON, SCOPES

if TYPE_CHECKING:
    from settings import Settings

P = ParamSpec("P")

EXIT_FAILED = 1
EXIT_USAGE = 2
_ALL_SCOPES = ",".join(SCOPES)
_LOG = logging.getLogger("lianwen")

app = typer.Typer(
    name="lianwen",
    help="链稳 Lianwen:产业链供应链韧性监测 (supply-chain resilience monitor)",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ChainOption = Annotated[str, typer.Option("--chain", metavar="ID", help="产业链编号 (chain id)")]
FormatOption = Annotated[Format, typer.Option("--format", help="输出格式 (output format)")]
ModeOption = Annotated[Mode, typer.Option("--mode", help="口径:run 存量运行,build 新建扩产")]


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    app()
    sys.exit(0)


def framed(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the errors of a command into one sentence on stderr and an exit code.

    Parameters
    ----------
    command
        A command function.

    Returns
    -------
    Callable
        The same command; it exits with 2 for words that name nothing or mean nothing, else with 1.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (UnknownKeyError, ParameterError) as error:
            _fail(error.say(_language()), error, code=EXIT_USAGE)
        except LianwenError as error:
            _fail(error.say(_language()), error, code=EXIT_FAILED)
        except (typer.Exit, typer.Abort, BrokenPipeError, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001  # the frame of a command, like that of a page
            _fail(
                f"意外错误 {type(error).__name__}: {error};用 lianwen --debug 查看详情",
                error,
                code=EXIT_FAILED,
            )

    return run


def _show_version(wanted: bool) -> None:  # noqa: FBT001  # typer calls it like this
    if wanted:
        from settings import VERSION

        _write(f"lianwen {VERSION}\n")
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
        _LOG.setLevel(logging.DEBUG)


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

    result = initialise(_prepare(), empty=empty, without=tuple(without or ()))
    _tell(result.sentence)


@app.command("check")
@framed
def check(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="链文件夹,或其上级文件夹")] = None,
) -> None:
    """检查数据,指出每个问题的文件和行 (name file and row of each problem; exit 1 on errors)."""
    from desk.loading import check_data

    settings = _settings()
    problems = check_data(folder or settings.data_dir)
    _write("".join(f"{problem.say(settings.language)}\n" for problem in problems))
    errors = _count_errors(problems)
    _tell(f"检查完毕:错误 {errors} 个,警告 {len(problems) - errors} 个")
    if errors:
        raise typer.Exit(EXIT_FAILED)


@app.command("import-chain")
@framed
def import_chain(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="链文件夹;文件夹名即产业链编号")],
) -> None:
    """导入一条链;重复导入即替换该文件夹的事实 (import a chain folder, all or nothing)."""
    from desk import loading

    result = loading.import_chain(_prepare(), folder)
    _tell_problems(result.problems)
    _tell(result.sentence)
    if result.refused:
        raise typer.Exit(EXIT_FAILED)


@app.command("recompute")
@framed
def recompute(
    *,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", metavar="ID", help="产业链编号;不写则全部")
    ] = None,
    horizon: Annotated[int, typer.Option("--horizon", metavar="DAYS", help="主推演期(天)")] = MAIN_HORIZON,
    scopes: Annotated[str, typer.Option("--scopes", help="节点范围,逗号分隔")] = _ALL_SCOPES,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON 数组")] = False,
) -> None:
    """计算评分,两种口径 (compute and store the scores, both modes)."""
    from desk.computing import RUN_COLUMNS, recompute_chains
    from desk.words import parse_scopes

    with _Progress() as progress:
        summaries = recompute_chains(
            _prepare(),
            tuple(chain or ()),
            horizon=horizon,
            scopes=parse_scopes(scopes),
            progress=progress,
        )
    _write_rows([run.as_cells() for run in summaries], RUN_COLUMNS, Format.JSON if as_json else Format.TABLE)


@app.command("scores")
@framed
def scores(
    *,
    chain: ChainOption,
    scope: Annotated[Scope | None, typer.Option("--scope", help="只列这一范围的节点")] = None,
    mode: ModeOption = Mode.RUN,
    end: Annotated[End, typer.Option("--end", help="point 点值,low 低端,high 高端")] = End.POINT,
    horizon: Annotated[
        int | None, typer.Option("--horizon", metavar="DAYS", help="推演期;不写则取该次运行的主推演期")
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, metavar="N", help="只列最差的 N 个")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """列出最近一次成功运行的评分 (scores of the latest successful run)."""
    from desk.rows import BRIEF_COLUMNS, SCORE_COLUMNS, list_cells
    from desk.scores import list_scores

    found = list_scores(_prepare(), chain, scope=scope, mode=mode, end=end, horizon=horizon, top=top)
    columns = BRIEF_COLUMNS if form is Format.TABLE else SCORE_COLUMNS
    _write_rows(list_cells(found), columns, form)


@app.command("simulate")
@framed
def simulate(
    *,
    chain: ChainOption,
    shock: Annotated[
        list[str], typer.Option("--shock", metavar="SCOPE:KEY[:SEVERITY]", help="冲击,可多次给出")
    ],
    horizon: Annotated[int, typer.Option("--horizon", metavar="DAYS", help="推演期(天)")] = MAIN_HORIZON,
    mode: ModeOption = Mode.RUN,
    units: Annotated[bool, typer.Option("--units", help="逐个产能单元列出损失")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """推演一个或几个冲击,不保存 (what if; nothing is stored)."""
    from desk import scenario
    from desk.words import parse_shock

    shocks = tuple(parse_shock(text) for text in shock)
    found = scenario.simulate_shocks(_prepare(), chain, shocks=shocks, horizon=horizon, mode=mode)
    if units:
        _write_rows(scenario.unit_cells(found), scenario.UNIT_COLUMNS, form)
    else:
        _write_rows([scenario.simulation_cells(found)], scenario.SIMULATION_COLUMNS, form)


@app.command("worst")
@framed
def worst(
    *,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", metavar="ID", help="产业链编号;不写则全部")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="每组列出几个")] = 10,
) -> None:
    """列出每条链最薄弱的节点及其瀑布分解 (the worst nodes of each chain)."""
    from desk.report import render_worst
    from desk.scores import worst_nodes

    for found in worst_nodes(_prepare(), tuple(chain or ()), top=top):
        _write(render_worst(found))


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
    settings = _prepare()
    serving.serve(settings, port=port, with_scheduler=with_scheduler, announce=lambda url: _write(url + "\n"))


@app.command("worker", hidden=True)
@framed
def worker(
    *,
    until_empty: Annotated[bool, typer.Option("--until-empty", help="队列空了就结束")] = False,
) -> None:
    """逐个执行排队的运行,直到收到结束信号 (execute queued runs until told to stop)."""
    settings = _prepare()
    from desk.worker import work

    work(settings, until_empty=until_empty)


class _Progress:
    """A line on stderr that says how far each chain is, where stderr is a terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._show("")

    def __call__(self, chain_id: str, done: float) -> None:
        self._show(f"{chain_id} {done:.0%}")

    def _show(self, text: str) -> None:
        if self._live:
            sys.stderr.write("\r" + text.ljust(self._width) + ("" if text else "\r"))
            sys.stderr.flush()
            self._width = len(text)


def _settings() -> Settings:
    from pydantic import ValidationError

    from settings import load_settings

    try:
        return load_settings()
    except ValidationError as error:
        found = ";".join(f"LIANWEN_{str(part['loc'][0]).upper()}: {part['msg']}" for part in error.errors())
        _fail(f"环境变量有误:{found}", error, code=EXIT_FAILED)


def _language() -> str:
    return _settings().language


def _prepare() -> Settings:
    from settings import prepare_environment

    settings = _settings()
    try:
        prepare_environment(settings)
    except OSError as error:
        _fail(
            f"无法写入 {settings.var_dir}({error.strerror});请用 LIANWEN_HOME 指定可写的文件夹", error, code=1
        )
    return settings


def _write_rows(rows: Sequence[dict[str, Cell]], columns: Sequence[str], form: Format) -> None:
    _write(render_rows(rows, columns, form=form))


def _write(text: str) -> None:
    # Bytes, so that neither the locale nor the platform's line end changes what a program reads.
    typer.echo(text.encode(), nl=False)
    sys.stdout.flush()


def _tell(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _tell_problems(problems: Iterable[Problem]) -> None:
    language = _language()
    for problem in problems:
        _tell(problem.say(language))


def _count_errors(problems: Iterable[Problem]) -> int:
    return sum(problem.severity is Severity.ERROR for problem in problems)


def _fail(sentence: str, error: Exception, *, code: int) -> NoReturn:
    _tell(sentence)
    _LOG.debug("详情", exc_info=error)
    raise typer.Exit(code) from error


add_monitor(app, framed=framed, prepare=_prepare)
add_care(app, framed=framed, prepare=_prepare)
add_import(app, framed=framed, prepare=_prepare)

if __name__ == "__main__":
    main()
