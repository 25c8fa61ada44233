"""The served program over a worked example, and a real browser in front of it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEW = {"width": 1280, "height": 720}
PATIENCE = 60_000
"""Milliseconds: machines that run all tests at once are slow."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser():
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        reason = "no Chromium on this machine (apt-get install chromium); browser tests not run"
        if os.environ.get("LIANWEN_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def served(browser, tmp_path_factory):  # noqa: ARG001 - nothing is served where no browser is
    """The address of the program over the example `textbook`, scored."""
    environment = os.environ | {"LIANWEN_HOME": str(tmp_path_factory.mktemp("served"))}
    chain = ROOT / "tests" / "golden" / "chains" / "textbook"
    for words in (("init", "--empty"), ("import-chain", str(chain)), ("recompute", "--perspective", "world")):
        command(environment, *words)
    with serving(environment) as address:
        yield address


@pytest.fixture(scope="session")
def pictures():
    """Where screenshots are kept: var/ is not committed."""
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def page(browser):
    """A new visitor, and every address that the visit asks for."""
    context = browser.new_context(viewport=VIEW, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    context.close()


def command(environment, *words):
    subprocess.run([sys.executable, str(ROOT / "cli.py"), *words], env=environment, check=True, cwd=ROOT)


@contextlib.contextmanager
def serving(environment, *words):
    """Serve the program on a free port until the block ends; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, str(ROOT / "cli.py"), "serve", "--port", str(port), *words]
    server = subprocess.Popen(program, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def settle(page):
    """Wait until the page has been drawn to its end."""
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')"
    )


def wait_for(address, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own http address
                if answer.status == 200:
                    return
        except OSError:
            # Not yet listening: ask again until the deadline.
            threading.Event().wait(0.2)
    pytest.fail(f"{address} did not answer within {seconds} seconds")
