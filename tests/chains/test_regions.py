"""Rings, spellings and names of places."""

from pathlib import Path

import pytest
from babel.core import get_global

from chains.catalog import read_regions
from chains.errors import ChainDataError
from chains.regions import ALPHA2_OF_ALPHA3, Ring, country_name, is_country_code, read_provinces

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def regions():
    return read_regions(DATA)


def test_there_are_34_provinces_and_13_cities(regions):
    assert (len(regions.provinces), len(regions.cities)) == (34, 13)


@pytest.mark.parametrize(
    ("country", "province", "ring"),
    [
        ("CHN", "江苏", Ring.IN_PROVINCE),
        ("CHN", "江苏省", Ring.IN_PROVINCE),
        ("CHN", "jiangsu", Ring.IN_PROVINCE),
        ("CHN", "上海", Ring.DELTA),
        ("CHN", "Zhejiang", Ring.DELTA),
        ("CHN", "安徽省", Ring.DELTA),
        ("CHN", "广东", Ring.DOMESTIC),
        ("CHN", "Inner Mongolia", Ring.DOMESTIC),
        ("CHN", "台湾", Ring.ABROAD),
        ("CHN", "Hong Kong", Ring.ABROAD),
        ("TWN", None, Ring.ABROAD),
        ("HKG", None, Ring.ABROAD),
        ("MAC", None, Ring.ABROAD),
        ("JPN", "江苏", Ring.ABROAD),
    ],
)
def test_a_place_lies_in_its_ring(regions, country, province, ring):
    assert regions.ring_of(country, province) is ring


@pytest.mark.parametrize(("country", "province"), [(None, "江苏"), ("CHN", None), ("CHN", "Atlantis")])
def test_a_firm_whose_place_is_unknown_has_no_ring(regions, country, province):
    assert regions.ring_of(country, province) is None


def test_the_rings_have_names_in_both_languages():
    assert [ring.label("zh") for ring in Ring] == ["省内", "长三角", "国内", "境外"]
    assert all(ring.label("en") for ring in Ring)


def test_a_city_is_found_by_any_spelling_but_only_in_the_province(regions):
    assert {regions.find_city(name, "江苏").adcode for name in ("苏州", "苏州市", "SUZHOU")} == {"320500"}
    assert regions.find_city("Huai’an", "Jiangsu").short_zh == "淮安"
    assert regions.find_city("Suzhou", "安徽") is None
    assert regions.find_city("Taizhou", None) is None


def test_no_spelling_stands_for_two_provinces(regions):
    spellings = [
        name.casefold()
        for province in regions.provinces
        for name in {province.name_zh, province.short_zh, province.name_en, *province.aliases}
    ]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("TWN", "中国台湾", "Taiwan, China"),
        ("HKG", "中国香港", "Hong Kong, China"),
        ("MAC", "中国澳门", "Macao, China"),
        ("CHN", "中国", "China"),
        ("JPN", "日本", "Japan"),
        ("ZZZ", "ZZZ", "ZZZ"),
    ],
)
def test_countries_and_regions_are_named_as_the_house_writes_them(code, zh, en):
    assert (country_name(code, "zh"), country_name(code, "en")) == (zh, en)


def test_the_provinces_are_written_like_the_countries(regions):
    for spelling, code in (("台湾", "TWN"), ("香港", "HKG"), ("澳门", "MAC")):
        province = regions.find_province(spelling)
        assert (province.short_zh, province.name_en) == (country_name(code, "zh"), country_name(code, "en"))


def test_the_codes_are_those_of_iso_3166():
    aliases = get_global("territory_aliases")
    assert len(ALPHA2_OF_ALPHA3) == len(set(ALPHA2_OF_ALPHA3.values())) == 249
    assert all(aliases[three] == [two] for three, two in ALPHA2_OF_ALPHA3.items())
    assert not any(map(is_country_code, ("SUN", "YUG", "DDR", "UK", "chn", "")))


def test_a_broken_table_of_provinces_is_refused_with_its_row(tmp_path):
    path = tmp_path / "provinces.csv"
    path.write_text("name_zh,short_zh,name_en,ring\n江苏省,江苏,Jiangsu,near\n", encoding="utf-8")
    with pytest.raises(ChainDataError, match=r"regions/provinces.csv row 2"):
        read_provinces(path)
