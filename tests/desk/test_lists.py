"""Lists that are no supplier lists: read like one, stored once, counted until undone."""

import io
import zipfile
from datetime import date

import pytest

from chains.errors import UnknownKeyError
from desk.chain_zips import check_zip, import_zip
from desk.import_files import list_uploads
from desk.import_undo import undo_import
from desk.lists import check_entry_list, import_entry_list, list_demand, list_events, read_kind
from desk.loading import import_chain
from desk.register_list import active_register
from desk.words import parse_shock
from ingest.commit import UploadStateError
from ingest.lists.templates import make_list_template
from ingest.tables import UploadKind
from tests.desk.conftest import GOLDEN
from tests.desk.stored_state import counted_state

REGISTER = (
    "省专班清单\n条目名称,五基,对应物料,联系人\n"
    "光刻胶树脂,基础材料,KrF光刻胶,张三\n液压件,零部件,没有的物料,\n"
)
EVENTS = "事件,地点,开始日期,持续时间,影响程度\n地震,日本,2026-11-20,2周,50%\n检修,苏州胶业,2026-12-02,,\n"
DEMAND = (
    "需求方,物料,数量,单位,需要日期\n无锡晶圆,KrF光刻胶,1.2万,升,2026年12月31日\n某厂,氖气,-,,13/12/2026\n"
)


def check(settings, kind, text, **options):
    return check_entry_list(
        settings, UploadKind(kind), "textbook", content=text.encode(), name=f"{kind}.csv", **options
    )


def bring(settings, kind, text, **options):
    checked = check(settings, kind, text, **options)
    return import_entry_list(settings, checked, officer="王工", unit="专班")


def test_an_official_list_replaces_the_working_one_until_it_is_undone(example):
    settings = example("textbook")
    before = active_register(settings)
    upload = bring(settings, "bottlenecks", REGISTER)
    now = active_register(settings)
    assert before.upload is None
    assert now.upload == upload
    assert [(row.bottleneck_id, row.name_zh, row.five_base, row.item_id) for row in now.rows] == [
        ("L001", "光刻胶树脂", "basic_material", "RESIST"),
        ("L002", "液压件", "basic_component", None),
    ]
    undo_import(settings, upload.upload_id, by="李工")
    assert active_register(settings) == before


def test_a_later_official_list_gives_way_to_the_earlier_one(example):
    settings = example("textbook")
    first = bring(settings, "bottlenecks", REGISTER)
    second = bring(settings, "bottlenecks", REGISTER.replace("液压件", "液压泵"))
    assert active_register(settings).upload == second
    undo_import(settings, second.upload_id, by="李工")
    assert active_register(settings).upload == first


def test_the_number_of_rows_is_compared_with_what_is_expected(example):
    settings = example("textbook")
    codes = [warning.code for warning in check(settings, "bottlenecks", REGISTER).result.warnings]
    assert "row-count" in codes
    fitting = check(settings, "bottlenecks", REGISTER, expected=2).result
    assert "row-count" not in [warning.code for warning in fitting.warnings]


def test_links_of_the_earlier_list_are_carried_over_only_when_a_person_says_so(example):
    settings = example("textbook")
    bring(settings, "bottlenecks", REGISTER)
    renewed = REGISTER.replace("KrF光刻胶", "")
    left = check(settings, "bottlenecks", renewed)
    assert [(each.name_zh, each.earlier.item_id) for each in left.carried] == [("光刻胶树脂", "RESIST")]
    assert left.result.entries[0].target is None
    assert check(settings, "bottlenecks", renewed, carry=True).result.entries[0].target == "RESIST"


def test_rows_of_an_official_list_are_tied_by_their_own_names_and_near_ones_are_told(example):
    settings = example("textbook")
    rows = ("KrF光刻胶", "KrF-光刻胶", "KrF光刻胶树脂", "ArF光刻胶")
    text = "名称,五基\n" + "".join(f"{name},基础材料\n" for name in rows)
    result = check(settings, "bottlenecks", text, expected=4).result
    assert [entry.target for entry in result.entries] == ["RESIST", "RESIST", None, None]
    (told,) = (warning.sentence() for warning in result.warnings)
    assert "KrF-光刻胶 → KrF光刻胶" in told


def test_what_a_row_says_it_is_stands_above_its_own_name(example):
    text = "名称,五基,对应物料\nKrF光刻胶,基础材料,没有的物料\n"
    (entry,) = check(example("textbook"), "bottlenecks", text, expected=1).result.entries
    assert entry.target is None


def test_good_and_bad_rows_of_a_demand_list_are_all_its_rows(example):
    settings = example("textbook")
    result = check(settings, "demand", DEMAND).result
    assert (result.good_count, result.bad_count, result.status) == (1, 1, "accept_with_row_errors")
    (bad,) = result.bad("en")
    assert (bad["row"], bad["field"], bad["value"], bad["code"]) == (
        3,
        "needed_on",
        "13/12/2026",
        "not-a-date",
    )
    bring(settings, "demand", DEMAND)
    ((upload, entry),) = list_demand(settings, "textbook")
    stated = (entry.target, entry.number("quantity"), entry.text("needed_on"))
    assert stated == ("RESIST", 12000.0, "2026-12-31")
    assert (upload.committed, upload.bad) == (1, 1)


def test_events_become_shocks_that_a_scenario_reads(example):
    settings = example("textbook")
    bring(settings, "events", EVENTS)
    quake, repair = list_events(settings, "textbook", today=date(2026, 11, 22))
    assert (quake.target, quake.shock) == ("country:JPN", "country:JPN:0.5:0:12")
    assert (repair.target, repair.shock) == ("supplier:C1", "supplier:C1:1:10")
    assert quake.shock is not None
    shock = parse_shock(quake.shock)
    assert (shock.key, shock.severity, shock.start_day, shock.days) == ("JPN", 0.5, 0, 12)


def test_an_event_that_is_over_is_no_shock_any_more(example):
    settings = example("textbook")
    bring(settings, "events", EVENTS)
    quake, _ = list_events(settings, "textbook", today=date(2026, 12, 24))
    assert quake.shock is None


def test_a_file_is_stored_once_and_again_after_its_undo(example):
    settings = example("textbook")
    upload = bring(settings, "demand", DEMAND)
    with pytest.raises(UploadStateError):
        bring(settings, "demand", DEMAND)
    undo_import(settings, upload.upload_id, by="李工")
    assert list_demand(settings, "textbook") == ()
    bring(settings, "demand", DEMAND)
    assert [each.undone_at is None for each in list_uploads(settings)] == [True, False]


def test_a_list_without_its_columns_is_refused_in_one_sentence(example):
    result = check(example("textbook"), "events", "a,b\n1,2\n").result
    assert (result.refused, result.code) == (True, "no-list-header")
    assert "开始日期" not in result.message("zh")
    assert "地点或对象" in result.message("zh")


def test_a_kind_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(UnknownKeyError, match="bottlenecks"):
        read_kind("wishes")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["bottlenecks", "demand", "events"])
def test_the_template_of_a_kind_is_read_as_that_kind(example, kind, language):
    content, ending = make_list_template(UploadKind(kind), language)
    checked = check_entry_list(
        example("textbook"), UploadKind(kind), "textbook", content=content, name=f"t.{ending}"
    )
    assert checked.result.code == "no-rows"


FILES = (
    "items.csv",
    "links.csv",
    "suppliers.csv",
    "supplies.csv",
    "purchases.csv",
    "sources.csv",
    "chain.toml",
)


def chain_files(folder):
    return [folder / name for name in FILES if (folder / name).exists()]


def zipped(folder, name):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in chain_files(folder):
            archive.writestr(f"{name}/{path.name}", path.read_bytes())
    return stream.getvalue()


def test_a_chain_as_a_zip_is_what_its_folder_would_be_and_can_be_undone(example):
    settings = example("textbook")
    plain = counted_state(settings)
    changed = zipped(GOLDEN / "textbook", "textbook")
    checked = check_zip(settings, content=changed, name="chain.zip")
    assert not checked.refused, checked.problems
    upload, runs = import_zip(settings, checked, officer="王工", unit="")
    assert runs == ()
    undo_import(settings, upload.upload_id, by="李工")
    assert counted_state(settings) == plain


def test_undoing_zips_in_any_order_leaves_the_folder_of_before(example, tmp_path):
    settings = example("textbook")
    plain = counted_state(settings)
    uploads = []
    for number in (1, 2):
        folder = tmp_path / f"v{number}"
        folder.mkdir()
        for path in chain_files(GOLDEN / "textbook"):
            text = path.read_text(encoding="utf-8")
            (folder / path.name).write_text(text.replace("Neon", f"Neon {number}"), encoding="utf-8")
        checked = check_zip(settings, content=zipped(folder, "textbook"), name="chain.zip")
        uploads.append(import_zip(settings, checked, officer="王工", unit="")[0])
    stated = counted_state(settings)
    undo_import(settings, uploads[0].upload_id, by="李工")
    facts = {key: value for key, value in counted_state(settings).items() if key[0] != "upload"}
    assert facts == {key: value for key, value in stated.items() if key[0] != "upload"}
    undo_import(settings, uploads[1].upload_id, by="李工")
    assert counted_state(settings) == plain


def test_a_chain_that_only_a_zip_brought_goes_with_it(example):
    settings = example("textbook")
    plain = counted_state(settings)
    checked = check_zip(settings, content=zipped(GOLDEN / "textbook", "twin"), name="chain.zip")
    upload, runs = import_zip(settings, checked, officer="王工", unit="")
    assert runs
    undo_import(settings, upload.upload_id, by="李工")
    assert counted_state(settings) == plain
    assert import_chain(settings, GOLDEN / "textbook").loaded == ("textbook",)


HEAD = "buyer_id,item_id,supplier_id\n"
MANY_ROWS = HEAD + "".join(f"b{n:07d},i{n:07d},s{n:07d}\n" for n in range(1_000_000))


def hostile(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in chain_files(GOLDEN / "textbook"):
            archive.writestr(f"chain/{path.name}", path.read_bytes())
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("DOTS", ".."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x05\x06" + b"\0" * 18, "chain-zip"),
        (b"no zip", "chain-zip"),
        (hostile(DOTS__items="x"), "chain-zip-file"),
        (hostile(**{"chain__run.sh": "rm"}), "chain-zip-file"),
        (hostile(**{"other__items.csv": "x"}), "duplicate-part"),
        (hostile(**{"chain__items.csv/../../x": "x"}), "chain-zip-file"),
        (hostile(**{"chain__sources.csv": b"0" * (11 << 20)}), "ratio"),
        (hostile()[:-40], "damaged"),
        (hostile(**{"chain__chain.toml": "a=" + "[" * 100_000}), "reader-died"),
        (hostile(**{"chain__chain.toml": "a=" + "9" * 10_000}), "reader-died"),
        (hostile(**{"chain__purchases.csv": "\n" * 100 + MANY_ROWS}), "reader-memory"),
    ],
)
def test_a_zip_that_is_no_plain_chain_folder_is_refused_before_anything_is_written(example, content, code):
    checked = check_zip(example("textbook"), content=content, name="chain.zip")
    assert (checked.refused, checked.code) == (True, code)
