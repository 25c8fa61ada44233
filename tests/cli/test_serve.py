"""Serving the pages: the address comes last, a taken port is a sentence, an end ends everything."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.serving import LOOPBACK, end_children, find_ports, is_free, start_child
from desk.store import reading
from risk.runs.scheduler import read_scheduler
from settings import load_settings
from tests.patience import patience

ROOT = Path(__file__).parents[2]


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def lianwen(*words):
    return [sys.executable, str(ROOT / "cli.py"), *words]


def members_of(group):
    """Processes of a group that still run, from /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, number = entry.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(number) == group and state != "Z":
            found.append(int(entry.parent.name))
    return found


def test_a_taken_port_is_not_free_and_the_search_passes_over_it(taken_port):
    assert not is_free(taken_port)
    assert next(find_ports(taken_port)) > taken_port


def test_a_port_that_is_taken_is_one_sentence_and_exit_code_1(taken_port):
    subprocess.run(lianwen("init", "--empty"), check=True, capture_output=True)
    done = subprocess.run(
        lianwen("serve", "--port", str(taken_port)), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert str(taken_port) in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_child_that_ignores_the_polite_request_is_killed_with_all_it_started():
    # The shell and its own child both ignore SIGTERM.
    child = start_child("stubborn", ["sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60"])
    wait_until(lambda: len(members_of(child.process.pid)) >= 2)
    began = time.monotonic()
    end_children([child])
    assert time.monotonic() - began < patience(5)
    wait_until(lambda: not members_of(child.process.pid))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_its_address_last_and_ends_all_it_started_within_5_seconds(number, tmp_path):
    subprocess.run(lianwen("init", "--empty"), check=True, capture_output=True)
    told = tmp_path / "stderr.txt"
    with (
        told.open("w") as stderr,
        subprocess.Popen(
            lianwen("serve", "--with-scheduler"), stdout=subprocess.PIPE, stderr=stderr, text=True
        ) as server,
    ):
        watchdog = threading.Timer(120, server.kill)
        watchdog.start()
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            told_before = told.read_text()
            assert address.startswith(f"http://{LOOPBACK}:")
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=10) as answer:  # noqa: S310
                assert answer.status == 200
            children = children_of(server.pid)
            assert len(children) == 2
            wait_until(has_scheduler, seconds=30)
            os.kill(server.pid, number)
            assert server.wait(patience(5)) == 0
            assert server.stdout.read() == ""
            assert told.read_text() == told_before
            assert not [pid for child in children for pid in members_of(child)]
        finally:
            watchdog.cancel()
            server.kill()


def has_scheduler():
    with reading(load_settings()) as session:
        return read_scheduler(session, at=datetime.now(UTC)) is not None


def children_of(parent):
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, above, *_ = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(above) == parent:
            found.append(int(entry.parent.name))
    return found


def wait_until(is_so, *, seconds=10):
    deadline = time.monotonic() + patience(seconds)
    event = threading.Event()
    while not is_so():
        assert time.monotonic() < deadline
        event.wait(0.02)


def test_an_address_that_others_can_reach_is_refused_with_a_sentence():
    done = subprocess.run(
        lianwen("serve", "--address", "192.0.2.7"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "页面只在本机 127.0.0.1 提供,不在 192.0.2.7 提供" in done.stderr
