"""To which stages, classes and places a node belongs."""

import pandas as pd
import pytest

from chains.catalog import read_regions
from chains.model import (
    Chain,
    ChainRecords,
    FiveBase,
    Item,
    Kind,
    Purchase,
    Supplier,
    SupplierKind,
    Supply,
)
from settings import load_settings
from views.heatmap import UNKNOWN_CATEGORY
from views.membership import list_members

NODES = pd.DataFrame(
    [
        ("supplier", "fab", "CHN", "江苏", "苏州"),
        ("supplier", "tel", "JPN", None, None),
        ("supplier", "nowhere", None, None, None),
        ("parent", "group", "CHN", None, None),
        ("country", "JPN", "JPN", None, None),
        ("country", "CHN", "CHN", None, None),
        ("province", "江苏", "CHN", "江苏", None),
        ("city", "苏州", "CHN", "江苏", "苏州"),
        ("item", "resist", None, None, None),
    ],
    columns=["scope", "key", "country", "province", "city"],
    dtype=object,
)


def firm(supplier_id, country=None, province=None, city=None, parent=None, kind=SupplierKind.ENTERPRISE):
    return Supplier(supplier_id, supplier_id, None, kind, country, province, city, parent)


@pytest.fixture(scope="module")
def members():
    records = ChainRecords(
        chain=Chain("ic", "集成电路", "IC"),
        items=(
            Item("wafer", "wafer", "晶圆", Kind.PRODUCT, stage="fabrication"),
            Item("resist", "resist", "光刻胶", Kind.MATERIAL, FiveBase.BASIC_MATERIAL, "raw material"),
            Item("gas", "gas", "气体", Kind.MATERIAL),
        ),
        links=(),
        suppliers=(
            firm("fab", "CHN", "江苏", "苏州", parent="holding"),
            firm("holding", "CHN", "上海", parent="group"),
            firm("group", "CHN"),
            firm("tel", "JPN"),
            firm("nowhere"),
            firm("JPN-sum", "JPN", kind=SupplierKind.COUNTRY_AGGREGATE),
        ),
        supplies=(
            Supply("fab", "wafer"),
            Supply("tel", "resist"),
            Supply("JPN-sum", "gas"),
            Supply("nowhere", "resist"),
            Supply("holding", "resist"),
        ),
        purchases=(Purchase("fab", "gas", "tel"),),
        end_weights=(("wafer", 1.0),),
    )
    found = list_members(NODES, records, read_regions(load_settings().data_dir), chain_id="ic")

    def categories(scope, key, dimension):
        rows = found[(found.scope == scope) & (found.key == key) & (found.dimension == dimension)]
        return sorted(rows["value"])

    return categories


def test_a_supplier_belongs_to_the_stages_of_what_it_supplies_also_by_a_buyers_list(members):
    assert members("supplier", "fab", "stage") == ["fabrication"]
    assert members("supplier", "tel", "stage") == [UNKNOWN_CATEGORY, "raw material"]


def test_a_group_belongs_to_what_all_its_firms_down_to_the_last_supply(members):
    assert members("parent", "group", "stage") == ["fabrication", "raw material"]


def test_a_group_stands_where_its_head_is_not_where_its_plants_are(members):
    assert members("parent", "group", "country") == ["CHN"]
    assert members("parent", "group", "province") == [UNKNOWN_CATEGORY]


def test_a_country_belongs_to_what_its_firms_and_its_aggregate_supply(members):
    assert members("country", "JPN", "stage") == [UNKNOWN_CATEGORY, "raw material"]
    assert members("country", "JPN", "five_base") == [UNKNOWN_CATEGORY, "basic_material"]


def test_places_belong_to_what_is_made_there(members):
    assert members("province", "江苏", "stage") == ["fabrication"]
    assert members("city", "苏州", "stage") == ["fabrication"]


def test_an_item_belongs_to_its_own_stage_and_to_no_place(members):
    assert members("item", "resist", "stage") == ["raw material"]
    assert members("item", "resist", "country") == []


def test_rings_count_from_the_province(members):
    assert members("supplier", "fab", "ring") == ["in_province"]
    assert members("supplier", "tel", "ring") == ["abroad"]


def test_a_place_that_nobody_gave_is_unknown_and_the_province_of_a_foreign_firm_does_not_apply(members):
    assert members("supplier", "nowhere", "country") == [UNKNOWN_CATEGORY]
    assert members("supplier", "tel", "province") == []


def test_every_node_belongs_to_its_chain_and_its_scope(members):
    assert members("item", "resist", "chain") == ["ic"]
    assert members("item", "resist", "scope") == ["item"]
