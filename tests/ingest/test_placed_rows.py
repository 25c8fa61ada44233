"""A plan worked out on columns is the plan worked out on the rows one by one."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.catalog import read_regions
from chains.union import join_all
from ingest.checking import check
from ingest.market import ListOrigin
from ingest.model import KnownName
from ingest.pipeline import NEW, list_rows
from ingest.preview import plan_import
from ingest.unasked import decide_without_asking
from tests.factories import firm, folder, item, purchase, supply
from tests.ingest.test_texts import small_blocks  # noqa: F401 - names lie in blocks of three here

REGIONS = read_regions(Path(__file__).parents[2] / "data")
FACTS = join_all(
    [
        folder(
            items=[item("GLUE"), item("GAS"), item("END", weight=1.0)],
            suppliers=[firm("A", "JPN"), firm("B", "CHN"), firm("FAB", "CHN")],
            supplies=[supply("A", "GLUE", 0.6, year=2025)],
            purchases=[purchase("FAB", "GLUE", "B", 1.0), purchase("B", "GAS", "A", 1.0)],
        )
    ]
)
FIRMS = [KnownName(key, (key,)) for key in ("A", "B", "FAB")]
ITEMS = [KnownName(key, (key,)) for key in ("GLUE", "GAS")]
CELLS = st.tuples(
    st.sampled_from(["A", "B", "FAB", "新甲", "新乙", "新 甲", "谁"]),
    st.sampled_from(["GLUE", "GAS", "什么"]),
    st.sampled_from(["FAB", "B", "新甲", "新丙", "新丙 ", ""]),
    st.sampled_from(["1%", "2%", "", "x"]),
)


@pytest.mark.usefixtures("small_blocks")
@given(
    st.lists(CELLS, max_size=25), st.sampled_from([(), ("END",)]), st.sampled_from([set(), {("FAB", "GLUE")}])
)
def test_columns_and_rows_lead_to_one_plan(reader, rows, makes, closed):
    content = "供应商,物料,采购方,占比\n" + "".join(",".join(row) + "\n" for row in rows)
    result = check(content.encode(), "a.csv", known_suppliers=FIRMS, known_items=ITEMS, reader=reader)
    decisions = {**decide_without_asking(result), "supplier:新甲": NEW, "supplier:谁": "B"}
    origin = ListOrigin(result.digest, "a.csv", "", "", date(2026, 11, 22), makes, not result.bad_count)
    columns = list_rows(result, decisions=decisions)

    def plan(listed):
        return plan_import(listed, FACTS, origin=origin, decisions=decisions, regions=REGIONS, closed=closed)

    one, other = plan(columns), plan(tuple(columns))
    assert all(getattr(one, each.name) == getattr(other, each.name) for each in fields(one))
    assert list(one.committed) == [row for row in one.rows if row.row not in one.waiting]
    assert {row.row for row in one.rows} == {row["row"] for row in result.good()}
    assert len(one.purchases) + len({s.place.row for s in one.supplies if s.place.row}) <= len(one.committed)
