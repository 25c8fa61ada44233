import pytest

from chains.model import Item, Kind, Supplier, SupplierKind
from ingest.known_names import known_names
from ingest.many_names import ManyNames
from ingest.model import KnownName
from ingest.names import name_key, split_legal_form
from ingest.resolution import index_items, index_suppliers, resolve_name
from tests.ingest.conftest import ITEMS, SUPPLIERS

FIRMS = index_suppliers(SUPPLIERS)
THINGS = index_items(ITEMS)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("中芯国际", "smic"),
        ("中芯國際", "smic"),
        ("ＳＭＩＣ", "smic"),
        ("中芯国际有限公司", "smic"),
        ("Tokyo Electron Co., Ltd.", "tel"),
        ("AMD", "amd"),
        ("超威半导体", "amd"),
        ("tsmc", "tsmc"),
        ("龙芯材料", "longchip"),
    ],
)
def test_one_firm_in_other_words_is_exact(name, key):
    found = resolve_name(name, FIRMS)
    assert (found.key, found.status) == (key, "exact")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("中心国际", "smic"),
        ("中芯国际集成电路制造(上海)有限公司", "smic"),
        ("龙芯材料股份有限公司", "longchip"),
        ("Tokyo Elektron", "tel"),
        ("台积电(上海)", "tsmc"),
    ],
)
def test_a_firm_that_may_be_another_is_only_suggested(name, suggestion):
    found = resolve_name(name, FIRMS)
    assert (found.key, found.status) == (None, "suggested")
    assert suggestion in found.suggestions


def test_a_place_in_brackets_is_another_firm():
    assert resolve_name("台积电", FIRMS).key == "tsmc"
    assert resolve_name("台积电（南京）", FIRMS).key == "tsmc-nanjing"


def test_a_stranger_is_unknown():
    assert resolve_name("某某新材料有限公司", FIRMS).status == "unknown"


def test_the_credit_code_decides_before_the_name():
    assert resolve_name("旧名公司", FIRMS, uscc="91110000600037341L").key == "longchip"
    assert resolve_name("龙芯材料有限公司", FIRMS, uscc="91320000000000000A").key is None


def test_a_firm_of_another_country_is_only_suggested():
    assert resolve_name("东京电子", FIRMS, country="CHN").status == "suggested"
    assert resolve_name("台积电", FIRMS, country="CHN").status == "exact"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("华虹集团投资有限公司", "华虹集团"),
        ("海航控股有限公司", "海航集团有限公司"),
        ("OCI控股投资", "OCI控股"),
        ("Hanwha Holdings", "Hanwha Group"),
    ],
)
def test_a_group_and_its_holding_or_investing_firm_are_two(name, known):
    found = resolve_name(name, index_suppliers([KnownName("a", (known,))]))
    assert (found.key, found.suggestions) == (None, ("a",))


@pytest.mark.parametrize(
    ("name", "known", "country"),
    [
        ("Intel KK", "Intel", "USA"),
        ("英特尔株式会社", "英特尔", "USA"),
        ("空气产品科技股份有限公司", "空气产品", "USA"),
    ],
)
def test_a_firm_of_one_stem_in_another_country_is_another(name, known, country):
    found = resolve_name(name, index_suppliers([KnownName("a", (known,), country=country)]))
    assert (found.key, found.suggestions) == (None, ("a",))


@pytest.mark.parametrize(("name", "country"), [("Disco KK", "JPN"), ("Disco K.K.", "JPN")])
def test_a_stock_company_of_japan_is_itself(name, country):
    assert resolve_name(name, index_suppliers([KnownName("a", ("Disco",), country=country)])).key == "a"


def test_two_known_firms_of_one_name_are_never_merged():
    index = index_suppliers([KnownName("a", ("华星有限公司",)), KnownName("b", ("华星有限公司",))])
    found = resolve_name("华星有限公司", index)
    assert (found.key, set(found.suggestions)) == (None, {"a", "b"})


@pytest.mark.parametrize(
    ("name", "key"), [("光刻胶", "IC-N31"), ("photoresists", "IC-N31"), ("IC-N26", "IC-N26")]
)
def test_an_item_matches_by_its_whole_name_or_id(name, key):
    assert resolve_name(name, THINGS).key == key


def test_part_of_an_item_name_is_only_suggested():
    found = resolve_name("检测设备", THINGS)
    assert (found.key, found.status) == (None, "suggested")


def test_remembered_decisions_are_not_asked_again():
    remembered = {f"supplier:{name_key('中芯')}": "smic"}
    supplier = ManyNames("supplier", FIRMS, remembered).resolve("中芯", name_key("中芯"))
    item = ManyNames("item", THINGS, remembered).resolve("光刻胶", "光刻胶")
    assert (supplier.key, item.key) == ("smic", "IC-N31")


def test_unresolved_names_are_good_rows(checked):
    answer = checked("供应商,物料\n某某公司,某某料\n")
    row = answer["good"][0]
    assert answer["status"] == "accept"
    assert (row["supplier_id"], row["supplier_status"], row["item_id"], row["item_status"]) == (
        None, "unknown", None, "unknown",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("ASML Holding N.V.", "asmlholding"),
        ("Infineon Technologies AG", "infineontechnologies"),
        ("华虹 有限公司", "华虹"),
    ],
)
def test_legal_forms_are_split_off(name, core):
    assert split_legal_form(name)[0] == core


def test_the_names_of_a_chain_are_known_in_both_languages():
    firm = Supplier("asml", "ASML", "阿斯麦", SupplierKind.ENTERPRISE, country="NLD")
    thing = Item("IC-N19", "Lithography tools", "光刻设备", Kind.EQUIPMENT)
    firms, things = known_names([firm], [thing])
    assert resolve_name("阿斯麦", index_suppliers(firms), country="NLD").key == "asml"
    assert resolve_name("lithography tools", index_items(things)).key == "IC-N19"
