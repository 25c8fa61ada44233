"""How much a page adds to a one-line Streamlit page, and how long a click takes; a script, not a test.

Run it with ``LIANWEN_HOME=... .venv/bin/python tests/bench/page_times.py`` where the home holds scored
chains. Both servers and one Chromium run on this machine; figures are medians in seconds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "首页": "/",
    "总览": "/overview?chain=ic",
    "节点": "/node?chain=ic&scope=supplier&key=asml",
    "卡脖子清单": "/bottlenecks",
    "运行": "/runs",
    "方法": "/methods",
    "预警": "/inbox",
}
REPEATS = 5
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
STREAMLIT = [
    "--server.headless",
    "true",
    "--browser.gatherUsageStats",
    "false",
    "--server.address",
    "127.0.0.1",
]


@contextlib.contextmanager
def serving(script: Path, port: int) -> Iterator[str]:
    """Serve a Streamlit script until the block ends."""
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), *STREAMLIT]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def open_seconds(browser: Browser, address: str) -> float:
    """Time from the address to a page whose script has ended."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("[data-testid=stMainBlockContainer] *")
    page.wait_for_selector(READY)
    taken = time.perf_counter() - began
    page.close()
    return taken


def click_seconds(page: Page, word: str) -> float:
    """Time from a click on a word to a page whose script has ended."""
    began = time.perf_counter()
    page.get_by_text(word, exact=True).first.click()
    page.wait_for_timeout(50)
    page.wait_for_selector(READY)
    return time.perf_counter() - began


def main() -> None:
    """Print one line a page and a click."""
    chromium = shutil.which("chromium") or sys.exit("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        one_line = Path(folder) / "one_line.py"
        one_line.write_text("import streamlit as st\nst.write('链稳')\n", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with serving(one_line, 8791) as plain, serving(ROOT / "app.py", 8792) as app:
            time.sleep(8)
            base = statistics.median(open_seconds(browser, plain) for _ in range(REPEATS))
            print(f"one-line page {base:.2f}")
            for name, path in PAGES.items():
                open_seconds(browser, app + path)
                taken = statistics.median(open_seconds(browser, app + path) for _ in range(REPEATS))
                print(f"{name} {taken:.2f}, adds {taken - base:+.2f}")
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(app + PAGES["总览"])
            page.wait_for_timeout(5000)
            clicks = [click_seconds(page, word) for word in ("新建扩产", "存量运行") * 3]
            print(f"run/build click {statistics.median(clicks):.2f}")
        browser.close()


if __name__ == "__main__":
    main()
