"""One reader process for all tests of a worker, as a long-lived server would keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingest.checking import check
from ingest.model import KnownName
from ingest.sandbox import Reader
from tests.store_fixtures import engine, migrated_url, sqlite_template  # noqa: F401

SUPPLIERS = (
    KnownName("smic", ("中芯国际", "SMIC"), country="CHN"),
    KnownName("tsmc", ("台积电", "TSMC"), country="TWN"),
    KnownName("tsmc-nanjing", ("台积电(南京)",), country="CHN"),
    KnownName("tel", ("东京电子", "Tokyo Electron"), country="JPN"),
    KnownName("amd", ("超威半导体(AMD)",), country="USA"),
    KnownName("longchip", ("龙芯材料有限公司",), uscc="91110000600037341L", country="CHN"),
)
ITEMS = (
    KnownName("IC-N31", ("光刻胶", "Photoresists")),
    KnownName("IC-N26", ("半导体硅片", "Wafer")),
    KnownName("IC-N63", ("检测设备(先进封装)", "Inspection tools (adv. pkg.)")),
)

Checked = dict[str, Any]
Checker = Callable[..., Checked]


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    with Reader() as own:
        yield own


@pytest.fixture(scope="session")
def checked(reader: Reader) -> Checker:
    """Check a file and return its answer as plain values, with the promise of counts verified."""

    def run(content: bytes | str, filename: str = "list.csv", **options: Any) -> Checked:
        data = content.encode() if isinstance(content, str) else content
        result = check(data, filename, known_suppliers=SUPPLIERS, known_items=ITEMS, reader=reader, **options)
        answer = result.to_json()
        counts = answer["counts"]
        assert counts["good"] + counts["bad"] == counts["rows"]
        assert (counts["good"], counts["bad"]) == (len(answer["good"]), len(answer["bad"]))
        assert len({row["row"] for row in [*answer["good"], *answer["bad"]]}) == counts["rows"]
        return answer

    return run
