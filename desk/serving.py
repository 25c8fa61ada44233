"""Starting the pages and whatever stands beside them, and ending all of it within five seconds."""

from __future__ import annotations

import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.errors import LianwenError
from settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from settings import Settings

_LOG = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
_PORTS_TRIED = 100
_START_SECONDS = 60.0
_GRACE_SECONDS = 3.0
_LOOK_SECONDS = 0.1
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServeError(LianwenError):
    """The pages could not be served."""

    code = "serve"


@dataclass(frozen=True, slots=True)
class Child:
    """A process this program started, leader of its own process group."""

    name: str
    process: subprocess.Popen[bytes]

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None


def check_address(address: str) -> None:
    """Refuse any address but the machine's own: there are no accounts yet, and the data is sensitive.

    Parameters
    ----------
    address
        What a person asks the pages to be served on.

    Raises
    ------
    ServeError
        When it is not 127.0.0.1 or localhost.
    """
    if address not in {LOOPBACK, "localhost"}:
        raise ServeError(
            f"the pages are served on {LOOPBACK} only, not on {address}: there are no accounts yet; "
            "for colleagues use a tunnel to this machine",
            zh=f"页面只在本机 {LOOPBACK} 提供,不在 {address} 提供:还没有账户,数据敏感;"
            "同事要看,请用通到本机的加密隧道",
        )


def serve(
    settings: Settings, *, port: int | None, with_scheduler: bool, announce: Callable[[str], None]
) -> None:
    """Serve the pages on the loopback address until a signal asks to stop.

    Parameters
    ----------
    settings
        Gives the first port to try.
    port
        The port to use; ``None`` for the first free one from `Settings.port`.
    with_scheduler
        Also start the scheduler: it computes queued runs and looks for changed data at night.
    announce
        Called once with the address when the pages answer.

    Raises
    ------
    ServeError
        When the port is taken, or the pages stop by themselves.
    """
    stop = threading.Event()
    children: list[Child] = []
    with _stopping_on_signals(stop):
        try:
            pages, address = start_pages(settings, port, children=children, stop=stop)
            if with_scheduler and not stop.is_set():
                children.append(start_child("scheduler", _scheduler_command()))
            if not stop.is_set():
                announce(address)
            _watch(pages, children, stop=stop)
        finally:
            end_children(children)


def start_pages(
    settings: Settings, port: int | None, *, children: list[Child], stop: threading.Event
) -> tuple[Child, str]:
    """Start the pages and wait until they answer.

    Parameters
    ----------
    settings
        Gives the first port to try.
    port
        The port to use; ``None`` for the first free one.
    children
        Receives what was started, so that the caller ends it whatever happens.
    stop
        Set when the wait should end early.

    Returns
    -------
    tuple of Child and str
        The process and its address.

    Raises
    ------
    ServeError
        When no port is free or the pages do not answer within a minute.
    """
    for number in [port] if port is not None else find_ports(settings.port):
        if not is_free(number):
            raise ServeError(f"端口 {number} 已被占用;请用 --port 换一个端口,或不写 --port 由程序自动选择")
        child = start_child("pages", _pages_command(number))
        children.append(child)
        if _wait_for_health(child, number, stop=stop) or stop.is_set():
            return child, f"http://{LOOPBACK}:{number}"
        # Another server may have taken the port between the look and the start.
        if port is not None or is_free(number):
            break
    raise ServeError("页面服务没有启动成功;原因见上面的输出")


def find_ports(first: int) -> Iterator[int]:
    """Yield the free ports from a first one on.

    Parameters
    ----------
    first
        The port to begin with.

    Yields
    ------
    int
        A port that was free when looked at.

    Raises
    ------
    ServeError
        When none of the next hundred is free.
    """
    last = min(first + _PORTS_TRIED, 65_536)
    yield from filter(is_free, range(first, last))
    raise ServeError(f"端口 {first} 至 {last - 1} 都不可用;请用 --port 指定一个空闲端口")


def is_free(port: int) -> bool:
    """Tell whether a server could listen on a port of the loopback address.

    Parameters
    ----------
    port
        1 to 65535.

    Returns
    -------
    bool
        False when the port is taken or not allowed.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of an ended server that linger must not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (OSError, OverflowError):
            return False
    return True


def start_child(name: str, command: Sequence[str]) -> Child:
    """Start a process in its own group, its standard output dropped: ours is for data.

    Parameters
    ----------
    name
        For messages.
    command
        Program and arguments.

    Returns
    -------
    Child
        The running process.
    """
    process = subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    return Child(name, process)


def end_children(children: Sequence[Child]) -> None:
    """Ask every child and its own children to end, and kill what is left after three seconds.

    Parameters
    ----------
    children
        What `start_child` returned; children that ended already are fine.
    """
    for child in children:
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
    for child in children:
        # Also where the leader has ended: what it started may live on in its group.
        _signal_group(child, signal.SIGKILL)
        child.process.wait()


def _pages_command(port: int) -> list[str]:
    options = {
        "server.address": LOOPBACK,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(CHECKOUT / "app.py"), *flags]


def _scheduler_command() -> list[str]:
    # By path: a module name would find a cli.py of the folder the person stands in. Quietly: the last
    # line on the screen is the address.
    return [sys.executable, str(CHECKOUT / "cli.py"), "scheduler", "--quiet"]


def _wait_for_health(child: Child, port: int, *, stop: threading.Event) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while child.alive and time.monotonic() < deadline:
        if _answers(port) or stop.wait(_LOOK_SECONDS):
            return child.alive
    return False


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _watch(pages: Child, children: Sequence[Child], *, stop: threading.Event) -> None:
    lost: set[str] = set()
    while not stop.wait(_LOOK_SECONDS):
        if not pages.alive:
            raise ServeError(f"页面服务意外结束 (退出码 {pages.process.returncode});原因见上面的输出")
        for child in children:
            if not child.alive and child is not pages and child.name not in lost:
                lost.add(child.name)
                _LOG.warning("计划进程已经结束;原因见上面的输出。没有计划进程时,不会每晚自动计算")


def _signal_group(child: Child, number: signal.Signals) -> None:
    try:
        os.killpg(child.process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


@contextmanager
def _stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask_to_stop) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
