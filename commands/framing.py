"""What every command shares: errors as one sentence, settings, output, options, a line of progress."""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn, ParamSpec, Self, TypeVar

import typer

from chains.errors import LianwenError, Problem, Severity, UnknownKeyError
from chains.matching import near_matches
from chains.model import Mode, Perspective
from desk.output import Cell, Format, render_rows
from risk.errors import ParameterError

if TYPE_CHECKING:
    from settings import Settings

P = ParamSpec("P")
Word = TypeVar("Word", bound=StrEnum)

EXIT_FAILED = 1
EXIT_USAGE = 2
LOG = logging.getLogger("lianwen")

ChainOption = Annotated[str, typer.Option("--chain", metavar="ID", help="产业链编号 (chain id)")]
FormatOption = Annotated[Format, typer.Option("--format", help="输出格式 (output format)")]


def one_of(words: type[Word]) -> Callable[[str], Word]:
    """Read one word of a short list; another one is refused in a sentence that names the nearest.

    Parameters
    ----------
    words
        The list.

    Returns
    -------
    Callable
        For the `parser` of an option.
    """

    def read(typed: str) -> Word:
        try:
            return words(typed.strip().lower())
        except ValueError as error:
            listed = ", ".join(words)
            near = ", ".join(near_matches(typed, words))
            said = {
                "zh": f"没有 {typed!r};可写 {listed}" + (f";相近的有:{near}" if near else ""),
                "en": f"there is no {typed!r}; write {listed}" + (f"; near: {near}" if near else ""),
            }
            raise typer.BadParameter(said[language_in_use()]) from error

    return read


def whole(typed: str) -> int:
    """Read a whole number; for the `parser` of an option, so that what is none is named.

    Parameters
    ----------
    typed
        As typed.

    Returns
    -------
    int
        Of any size; what it may be is for the desk to say.

    Raises
    ------
    typer.BadParameter
        When it is no whole number.
    """
    try:
        return int(typed)
    except ValueError as error:
        said = {"zh": f"{typed!r} 不是整数", "en": f"{typed!r} is no whole number"}
        raise typer.BadParameter(said[language_in_use()]) from error


PerspectiveOption = Annotated[
    Perspective,
    typer.Option(
        "--perspective",
        parser=one_of(Perspective),
        metavar="[world|home]",
        help="视角:world 全球,home 本土(境外断供)",
    ),
]
ModeOption = Annotated[
    Mode,
    typer.Option(
        "--mode", parser=one_of(Mode), metavar="[run|build]", help="口径:run 存量运行,build 新建扩产"
    ),
]


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
            fail(error.say(language_in_use()), error, code=EXIT_USAGE)
        except LianwenError as error:
            fail(error.say(language_in_use()), error, code=EXIT_FAILED)
        except (typer.Exit, typer.Abort, BrokenPipeError, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001  # the frame of a command, like that of a page
            fail(
                f"意外错误 {type(error).__name__}: {error};用 lianwen --debug 查看详情",
                error,
                code=EXIT_FAILED,
            )

    return run


class Progress:
    """A line on stderr that says how far each chain is, where stderr is a terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._show("")

    def __call__(self, chain_id: str, done: float) -> None:
        """Show that `done` (0 to 1) of a chain is computed."""
        self._show(f"{chain_id} {done:.0%}")

    def _show(self, text: str) -> None:
        if self._live:
            sys.stderr.write("\r" + text.ljust(self._width) + ("" if text else "\r"))
            sys.stderr.flush()
            self._width = len(text)


def read_settings() -> Settings:
    """Read the settings, or say which variable of the environment is wrong and leave."""
    from pydantic import ValidationError

    from settings import load_settings

    try:
        return load_settings()
    except ValidationError as error:
        found = ";".join(
            f"LIANWEN_{str(part['loc'][0]).upper()}: {part['msg'].removeprefix('Value error, ')}"
            for part in error.errors()
        )
        fail(f"环境变量有误:{found}", error, code=EXIT_FAILED)


def language_in_use() -> str:
    """Name the language of sentences, `zh` or `en`."""
    return read_settings().language


def prepare() -> Settings:
    """Read the settings and make the folders."""
    from settings import prepare_environment

    settings = read_settings()
    try:
        prepare_environment(settings)
    except OSError as error:
        fail(
            f"无法写入 {settings.var_dir}({error.strerror});请用 LIANWEN_HOME 指定可写的文件夹", error, code=1
        )
    return settings


def write_rows(rows: Sequence[dict[str, Cell]], columns: Sequence[str], form: Format) -> None:
    """Write rows to stdout in a format."""
    write(render_rows(rows, columns, form=form))


def write(text: str) -> None:
    """Write text to stdout."""
    # Bytes, so that neither the locale nor the platform's line end changes what a program reads.
    typer.echo(text.encode(), nl=False)
    sys.stdout.flush()


def tell(sentence: str) -> None:
    """Write a sentence to stderr."""
    typer.echo(sentence, err=True)


def tell_problems(problems: Iterable[Problem]) -> None:
    """Write each problem to stderr, in the language in use."""
    language = language_in_use()
    for problem in problems:
        tell(problem.say(language))


def count_errors(problems: Iterable[Problem]) -> int:
    """Count the problems that refuse, warnings left out."""
    return sum(problem.severity is Severity.ERROR for problem in problems)


def fail(sentence: str, error: Exception, *, code: int) -> NoReturn:
    """Leave with a sentence on stderr and an exit code; `--debug` shows the error itself."""
    tell(sentence)
    LOG.debug("详情", exc_info=error)
    raise typer.Exit(code) from error
