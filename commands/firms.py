"""The command that computes the index of a firm network. `cli.py` adds it to the command line."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from commands.framing import EXIT_FAILED, framed, language_in_use, prepare, tell, tell_problems

if TYPE_CHECKING:
    from desk.firms_index import IndexFiles, IndexOptions

_TELL_EVERY_SECONDS = 30.0
_MINUTE, _HOUR = 60, 3600


def add_commands(app: typer.Typer) -> None:
    """Add the command of this module.

    Parameters
    ----------
    app
        The command line.
    """

    @app.command("esri")
    @framed
    def esri(
        *,
        edges: Annotated[Path, typer.Option("--edges", metavar="E.csv", help="关系表:supplier,buyer,weight")],
        firms: Annotated[Path, typer.Option("--firms", metavar="F.csv", help="企业表:id,sector")],
        essential: Annotated[
            Path,
            typer.Option(
                "--essential", metavar="X.csv", help="关键性矩阵:首列供应行业,其余列采购行业,取 0/1/2"
            ),
        ],
        out: Annotated[Path, typer.Option("--out", metavar="OUT.csv|parquet", help="写出的结果")],
        eps: Annotated[float, typer.Option("--eps", help="各企业降幅都不大于此值时停止")] = 0.01,
        no_replaceability: Annotated[
            bool, typer.Option("--no-replaceability", help="不考虑同行业替代")
        ] = False,
        shocks: Annotated[
            Path | None,
            typer.Option("--shocks", metavar="S.csv", help="情景表:scenario,id,shock;不写则逐家停产"),
        ] = None,
        horizon_sweeps: Annotated[
            int | None, typer.Option("--horizon-sweeps", metavar="N", help="最多推演几轮")
        ] = None,
        workers: Annotated[
            int | None, typer.Option("--workers", metavar="N", help="本机进程数;不写则用线程")
        ] = None,
        cluster: Annotated[
            str | None, typer.Option("--cluster", metavar="tcp://…", help="dask.distributed 集群地址")
        ] = None,
    ) -> None:
        """计算企业网络的系统性风险指数;可中断,重复同一命令即接着算 (index of a firm network; resumable)."""
        from desk.firms_index import IndexFiles, IndexOptions

        prepare()
        _compute(
            IndexFiles(edges, firms, essential, shocks, out),
            IndexOptions(eps, not no_replaceability, horizon_sweeps, workers, cluster),
        )


def _compute(files: IndexFiles, options: IndexOptions) -> None:
    from desk.firms_index import index_firms

    language = language_in_use()
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        report = index_firms(files, options, progress=TimeLeft(language))
    except KeyboardInterrupt:
        tell(
            "已停止;再次运行同一命令会接着计算"
            if language == "zh"
            else "stopped; the same command goes on from here"
        )
        raise typer.Exit(EXIT_FAILED) from None
    finally:
        signal.signal(signal.SIGTERM, before)
    tell_problems(report.problems)
    if report.sentence is None:
        raise typer.Exit(EXIT_FAILED)
    tell(report.sentence.say(language))


class TimeLeft:
    """How far a computation is and how long it will take, on stderr.

    A terminal sees one line that changes, a log a line every half minute.

    Parameters
    ----------
    language
        ``zh`` or ``en``.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._live = sys.stderr.isatty()
        self._began = self._told = time.monotonic()
        self._first: int | None = None

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` are computed."""
        now = time.monotonic()
        if self._first is None:
            # What an earlier, stopped run had finished says nothing about the speed.
            self._first, self._began = done, now
        if self._live:
            end = "\n" if done == total else ""
            sys.stderr.write("\r" + self._say(done, total, now).ljust(60) + end)
            sys.stderr.flush()
        elif now - self._told >= _TELL_EVERY_SECONDS:
            self._told = now
            tell(self._say(done, total, now))

    def _say(self, done: int, total: int, now: float) -> str:
        zh = self._language == "zh"
        shown = f"{done}/{total} {done / total:.0%}"
        new = done - (self._first or 0)
        if not new or done == total:
            return shown
        left = say_seconds((now - self._began) / new * (total - done), zh=zh)
        return f"{shown},还需约 {left}" if zh else f"{shown}, about {left} left"


def say_seconds(seconds: float, *, zh: bool) -> str:
    """Say a span of time in its largest unit.

    Examples
    --------
    >>> say_seconds(5400, zh=False), say_seconds(40, zh=True)
    ('1.5 h', '40 秒')
    """
    for size, word, word_zh in ((_HOUR, "h", "小时"), (_MINUTE, "min", "分钟")):
        if seconds >= size:
            return f"{seconds / size:.1f} {word_zh if zh else word}"
    return f"{seconds:.0f} {'秒' if zh else 's'}"


def _interrupt(_number: int, _frame: object) -> NoReturn:
    """End like Ctrl-C, so that workers and temporary files are cleared away."""
    raise KeyboardInterrupt
