"""Backup depth and fake backups: the worked examples and the rules one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from chains.catalog import read_folder
from chains.model import Kind, Mode
from chains.union import join_folders
from risk.depth.measure import measure_depths
from risk.depth.model import DepthLevel, FakeKind, TargetKind, Why
from tests.factories import CHAIN, aggregate, firm, folder, item, link, one_product, purchase, supply

GOLDEN = Path(__file__).parents[2] / "golden" / "chains"


def measure(*folders, defaults, chain=CHAIN, **options):
    return measure_depths(join_folders(folders, chain), defaults=defaults, **options)


def measure_example(name, defaults, **options):
    return measure(read_folder(GOLDEN / name)[0], defaults=defaults, chain=name, **options)


def find(depths, item_id, *, kind=TargetKind.ITEM, buyer=None):
    return next(
        d for d in depths if (d.target.kind, d.target.item_id, d.target.buyer_id) == (kind, item_id, buyer)
    )


def depths_of(depth):
    return {one.level.value: one.most for one in depth.levels}


def cuts_of(depth, level):
    return [set(cut.keys) for cut in depth.at(level).cuts]


@pytest.fixture
def fab(defaults):
    """FAB = (JPA|JPB|LOC) & (GASA|GASB) & ETCH, LOC = RESIN (methods.md section 1)."""
    chain = folder(
        items=[
            item("WAFER", Kind.PROCESS, weight=1.0, suppliers_complete=True),
            *(item(name, suppliers_complete=True) for name in ("RESINS", "RESIST", "GAS", "ETCHER")),
        ],
        links=[link(name, "WAFER") for name in ("RESIST", "GAS", "ETCHER")],
        suppliers=[
            *(firm(name, "JPN") for name in ("JPA", "JPB", "RESIN")),
            *(firm(name, "CHN", city="无锡", parent="GASES") for name in ("GASA", "GASB")),
            firm("GASES", "CHN"),
            firm("LOC", "CHN", city="苏州"),
            firm("FAB", "CHN", city="南京"),
            firm("ETCH", "USA", city="Fremont"),
        ],
        supplies=[supply("FAB", "WAFER", 1.0)],
        purchases=[
            *(purchase("FAB", "RESIST", name, 1 / 3) for name in ("JPA", "JPB", "LOC")),
            *(purchase("FAB", "GAS", name, 0.5) for name in ("GASA", "GASB")),
            purchase("FAB", "ETCHER", "ETCH", 1.0),
            purchase("LOC", "RESINS", "RESIN", 1.0),
        ],
    )
    return measure(chain, defaults=defaults)


def test_the_cut_sets_of_the_worked_fab_by_firm(fab):
    assert cuts_of(find(fab, "WAFER", kind=TargetKind.END), DepthLevel.FIRM) == [
        {"ETCH"},
        {"FAB"},
        {"GASA", "GASB"},
        {"JPA", "JPB", "LOC"},
        {"JPA", "JPB", "RESIN"},
    ]


def test_groups_of_the_worked_fab_are_cut_sets_alone(fab):
    end = find(fab, "WAFER", kind=TargetKind.END)
    assert {"JPN"} in cuts_of(end, DepthLevel.COUNTRY)
    assert {"无锡"} in cuts_of(end, DepthLevel.CITY)
    assert {"GASES"} in cuts_of(end, DepthLevel.PARENT)


def test_the_resist_slot_of_the_worked_fab_falls_from_three_to_one(fab):
    slot = find(fab, "RESIST", kind=TargetKind.SLOT, buyer="FAB")
    assert depths_of(slot) == {"firm": 3, "parent": 3, "city": None, "country": 1}
    (fake,) = slot.fakes
    assert (fake.kind, fake.level, fake.key, fake.sure) == (FakeKind.OWN, DepthLevel.COUNTRY, "JPN", True)
    assert [(one.supplier_id, one.via, one.stopped) for one in fake.hides] == [
        ("JPA", (), ("JPA",)),
        ("JPB", (), ("JPB",)),
        ("LOC", ("RESINS",), ("RESIN",)),
    ]


def test_nanjing_fabs_resist_slot_has_depth_three_by_firm_two_by_parent_one_by_country(defaults):
    slot = find(measure_example("fabs", defaults), "RESIST", kind=TargetKind.SLOT, buyer="B1")
    assert (
        slot.at(DepthLevel.FIRM).most,
        slot.at(DepthLevel.PARENT).most,
        slot.at(DepthLevel.COUNTRY).most,
    ) == (
        3,
        2,
        1,
    )
    assert all(slot.at(level).exact for level in (DepthLevel.FIRM, DepthLevel.PARENT, DepthLevel.COUNTRY))


def test_cities_that_nobody_wrote_down_leave_the_depth_by_city_open(defaults):
    by_city = find(measure_example("fabs", defaults), "RESIST", kind=TargetKind.SLOT, buyer="B1").at(
        DepthLevel.CITY
    )
    assert (by_city.least, by_city.most, by_city.exact) == (1, None, False)
    assert by_city.unknown == (Why.NO_PLACE,)


def test_two_resist_makers_that_need_one_japanese_resin_are_a_fake_backup(defaults):
    slot = find(measure_example("fakebackup", defaults), "RESIST", kind=TargetKind.SLOT, buyer="B1")
    assert (slot.at(DepthLevel.FIRM).most, slot.at(DepthLevel.COUNTRY).most) == (2, 1)
    (fake,) = slot.fakes
    assert (fake.level, fake.key) == (DepthLevel.COUNTRY, "JPN")
    assert fake.hides[1].via == ("RESIN",)
    assert fake.hides[1].stopped == ("RES1",)


def test_two_names_that_buy_the_same_input_from_one_firm_are_a_fake_backup_by_firm(defaults):
    chain = folder(
        items=[item("END", Kind.PRODUCT, weight=1.0), item("PART"), item("RESIN")],
        links=[link("PART", "END"), link("RESIN", "PART")],
        suppliers=[firm(name, "CHN") for name in ("BUYER", "A", "B", "R")],
        supplies=[supply("BUYER", "END", 1.0)],
        purchases=[
            purchase("BUYER", "PART", "A", 0.5),
            purchase("BUYER", "PART", "B", 0.5),
            purchase("A", "RESIN", "R", 1.0),
            purchase("B", "RESIN", "R", 1.0),
        ],
    )
    slot = find(measure(chain, defaults=defaults), "PART", kind=TargetKind.SLOT, buyer="BUYER")
    (fake,) = slot.fakes
    assert (fake.kind, fake.level, fake.key, fake.shared_item) == (
        FakeKind.OWN,
        DepthLevel.FIRM,
        "R",
        "RESIN",
    )


def test_an_input_that_every_maker_needs_is_told_apart_from_sources_that_stop_together(defaults):
    chain = folder(
        items=[
            item("END", Kind.PRODUCT, weight=1.0, suppliers_complete=True),
            item("PART", suppliers_complete=True),
        ],
        links=[link("PART", "END")],
        suppliers=[firm("A", "CHN"), firm("B", "DEU"), firm("ONLY", "JPN")],
        supplies=[supply("A", "END", 0.5), supply("B", "END", 0.5), supply("ONLY", "PART", 1.0)],
    )
    (fake,) = find(measure(chain, defaults=defaults), "END").fakes
    assert (fake.kind, fake.key, fake.shared_item) == (FakeKind.INPUT, "ONLY", "PART")


def test_a_loop_does_not_kill_itself(defaults):
    chain = folder(
        items=[item("CHIP", Kind.COMPONENT, weight=1.0), item("TOOL", Kind.EQUIPMENT)],
        links=[link("TOOL", "CHIP"), link("CHIP", "TOOL")],
        suppliers=[firm(name, "CHN") for name in ("A", "B", "T")],
        supplies=[supply("A", "CHIP", 0.5), supply("B", "CHIP", 0.5), supply("T", "TOOL", 1.0)],
    )
    depths = measure(chain, defaults=defaults)
    assert cuts_of(find(depths, "CHIP"), DepthLevel.FIRM) == [{"T"}]
    assert cuts_of(find(depths, "CHIP", kind=TargetKind.END), DepthLevel.FIRM) == [{"T"}, {"A", "B"}]


def test_capital_counts_for_new_lines_and_not_for_the_running_stock(defaults):
    by_mode = {
        mode: find(measure_example("capital", defaults, mode=mode), "END").at(DepthLevel.FIRM)
        for mode in Mode
    }
    assert by_mode[Mode.BUILD].most == 2
    assert (by_mode[Mode.RUN].least, by_mode[Mode.RUN].most) == (4, None)


def test_what_unnamed_others_hold_stands_beside_the_depth(defaults):
    chain = one_product(supply("A", "PART", 0.4), supply("B", "PART", 0.3), complete=False)
    part = find(measure(chain, defaults=defaults), "PART")
    (cut,) = part.at(DepthLevel.FIRM).cuts
    assert (part.at(DepthLevel.FIRM).most, cut.keys) == (2, ("A", "B"))
    assert cut.left == pytest.approx(0.3)
    assert part.others == pytest.approx(0.3)


def test_a_fake_backup_that_leaves_much_to_others_is_not_certain(defaults):
    chain = one_product(
        supply("A", "PART", 0.4),
        supply("B", "PART", 0.3),
        complete=False,
        suppliers=(firm("A", "JPN"), firm("B", "JPN")),
    )
    (fake,) = find(measure(chain, defaults=defaults), "PART").fakes
    assert (fake.key, fake.sure) == ("JPN", False)


def test_firms_behind_country_rows_are_unknown_and_never_none(defaults):
    chain = one_product(
        supply("CC-JPN", "PART", 0.6),
        supply("CC-DEU", "PART", 0.4),
        suppliers=(aggregate("CC-JPN", "JPN"), aggregate("CC-DEU", "DEU")),
    )
    part = find(measure(chain, defaults=defaults), "PART")
    by_firm, by_country = part.at(DepthLevel.FIRM), part.at(DepthLevel.COUNTRY)
    assert (by_country.most, by_country.exact) == (2, True)
    assert (by_firm.least, by_firm.most, by_firm.exact) == (2, None, False)
    assert by_firm.unknown == (Why.COUNTRY_ROWS,)
    assert part.by_country_rows


def test_an_item_without_any_source_has_no_known_depth(defaults):
    chain = folder(items=[item("END", Kind.PRODUCT, weight=1.0), item("PART")], links=[link("PART", "END")])
    part = find(measure(chain, defaults=defaults), "PART").at(DepthLevel.FIRM)
    assert (part.least, part.most, part.exact, part.unknown) == (1, None, False, (Why.NO_SOURCES,))


def test_a_source_with_a_share_of_zero_and_no_spare_is_no_backup(defaults):
    chain = one_product(supply("A", "PART", 1.0), supply("B", "PART", 0.0))
    assert find(measure(chain, defaults=defaults), "PART").at(DepthLevel.FIRM).most == 1


def test_more_than_three_sources_are_said_to_be_more_than_three(defaults):
    chain = one_product(*(supply(name, "PART", 0.25) for name in "ABCD"))
    by_firm = find(measure(chain, defaults=defaults), "PART").at(DepthLevel.FIRM)
    assert (by_firm.least, by_firm.most, by_firm.exact) == (4, None, True)


def test_one_buyer_can_be_asked_for(defaults):
    depths = measure_example("fabs", defaults, kinds=(TargetKind.SLOT,), buyer_id="B2")
    assert [(one.target.buyer_id, one.target.item_id) for one in depths] == [
        ("B2", "GAS"),
        ("B2", "RESIST"),
        ("B2", "SCANNER"),
    ]


def test_priorities_change_what_a_stop_leaves_and_no_cut_set(defaults):
    def chain(first, second):
        return folder(
            items=[
                item("RAW", suppliers_complete=True),
                item("RESIN", suppliers_complete=True),
                item("END", Kind.PRODUCT, weight=1.0, suppliers_complete=True),
            ],
            links=[link("RAW", "RESIN"), link("RESIN", "END")],
            suppliers=[firm(name, "CHN") for name in ("PLANT", "RAW1", "A", "B")],
            supplies=[
                supply("RAW1", "RAW", 1.0),
                supply("PLANT", "RESIN", 1.0),
                supply("A", "END", 0.6),
                supply("B", "END", 0.4),
            ],
            purchases=[
                # RAW1 is all that PLANT names; unnamed others hold 0.3 of what PLANT buys.
                purchase("PLANT", "RAW", "RAW1", 0.7, list_complete=False),
                purchase("A", "RESIN", "PLANT", 1.0, priority=first),
                purchase("B", "RESIN", "PLANT", 1.0, priority=second),
            ],
        )

    def left(first, second):
        slot = find(
            measure(chain(first, second), defaults=defaults), "RESIN", kind=TargetKind.SLOT, buyer="B"
        ).at(DepthLevel.FIRM)
        assert [cut.keys for cut in slot.cuts] == [("PLANT",), ("RAW1",)]
        return {cut.keys: cut.left for cut in slot.cuts}["RAW1",]

    # PLANT runs at 0.3: all alike 0.3; B first 0.3 / 0.4; A first takes 0.6 and leaves nothing.
    assert [left(None, None), left(1, 2), left(2, 1)] == pytest.approx([0.3, 0.75, 0.0])


def test_a_slot_of_a_tier_counts_only_the_sources_that_reach_it(defaults):
    def measured(tier):
        chain = folder(
            items=[item("CHIP", Kind.PRODUCT, weight=1.0), item("WAFER", suppliers_complete=True)],
            links=[link("WAFER", "CHIP", tier=tier)],
            suppliers=[firm(name, "CHN") for name in ("MAKER", "OLD", "NEW", "ANY")],
            supplies=[
                supply("MAKER", "CHIP", 1.0),
                supply("OLD", "WAFER", 0.6, tier=3),
                supply("NEW", "WAFER", 0.2, tier=7),
                supply("ANY", "WAFER", 0.2),
            ],
            purchases=[
                purchase("MAKER", "WAFER", name, share) for name, share in (("OLD", 0.5), ("NEW", 0.5))
            ],
        )
        return measure(chain, defaults=defaults)

    slots = [find(measured(tier), "WAFER", kind=TargetKind.SLOT, buyer="MAKER") for tier in (None, 7)]
    assert [cuts_of(slot, DepthLevel.FIRM) for slot in slots] == [[{"NEW", "OLD"}], [{"NEW"}]]


def test_what_a_tier_leaves_of_a_tool_in_a_loop_falls_with_what_the_tool_is_made_of(defaults):
    chain = folder(
        items=[
            item("CHIP", Kind.COMPONENT, suppliers_complete=False),
            item("TOOL", suppliers_complete=True),
            item("END", Kind.PRODUCT, weight=1.0, suppliers_complete=True),
        ],
        links=[link("TOOL", "CHIP", tier=3), link("CHIP", "TOOL"), link("TOOL", "END", tier=3)],
        suppliers=[firm(name, "CHN") for name in ("FAB", "OLD", "NEW", "MAKER")],
        supplies=[
            supply("FAB", "CHIP", 0.6),
            supply("OLD", "TOOL", 0.5, tier=1),
            supply("NEW", "TOOL", 0.5, tier=3),
            supply("MAKER", "END", 1.0),
        ],
    )
    end = find(measure(chain, defaults=defaults), "END", kind=TargetKind.END).at(DepthLevel.FIRM)
    # Without FAB others make 0.4 of the chips, so NEW runs at 0.4 and END gets 0.4 of its tools.
    left = {cut.keys: [cut.left, cut.left_low] for cut in end.cuts}
    assert left.keys() == {("MAKER",), ("NEW",), ("FAB",)}
    assert left["FAB",] == pytest.approx([0.4, 0.4])


def test_a_group_that_supplies_nothing_gives_its_city_no_second_name(defaults):
    chain = one_product(
        supply("A", "PART", 1.0),
        suppliers=(firm("A", "USA", city="Portland", parent="GROUP"), firm("GROUP", "CAN", city="Portland")),
    )
    assert cuts_of(find(measure(chain, defaults=defaults), "PART"), DepthLevel.CITY) == [{"Portland"}]
