"""Names of long lists: what is not searched for is near nothing, and no key is made twice."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.catalog import read_folder
from ingest.checking import check
from ingest.item_likeness import JOINTS
from ingest.known_names import known_names
from ingest.model import KnownName
from ingest.name_sieve import NameSieve
from ingest.names import name_key
from ingest.pipeline import NEW, find_questions
from ingest.resolution import index_items, index_suppliers, resolve_name
from ingest.unasked import NewBuyers, decide_unasked, decide_without_asking
from tests.ingest.conftest import ITEMS, SUPPLIERS

IC = read_folder(Path(__file__).parents[2] / "data" / "chains" / "ic")[0]
FIRMS, THINGS = (index(names) for index, names in zip(
    (index_suppliers, index_items), known_names(IC.suppliers, IC.items), strict=True
))  # fmt: skip
SIEVES = {"firms": (FIRMS, NameSieve(FIRMS)), "things": (THINGS, NameSieve(THINGS, joints=JOINTS))}
PIECES = [
    "江苏",
    "新",
    "科技",
    "有限公司",
    "集团",
    "001",
    "abc",
    "一厂",
    "电子",
    "(上海)",
    "·",
    "半导体",
    "采购企业",
]


def mangled(name, rng):
    at, end = sorted((rng.randrange(len(name) + 1), rng.randrange(len(name) + 1)))
    return rng.choice(PIECES) * rng.randrange(2) + name[:at] + rng.choice(["", *PIECES]) + name[end:]


@pytest.mark.parametrize("kind", SIEVES)
def test_a_name_that_is_not_searched_for_is_near_no_known_name(kind):
    index, sieve = SIEVES[kind]
    rng = random.Random(kind)
    spellings = [name for name, _ in index.spellings]
    names = [mangled(rng.choice(spellings), rng) + rng.choice(["", *PIECES]) for _ in range(3000)]
    names += ["".join(rng.choices("采购企业某某甲乙丙丁厂01", k=rng.randrange(1, 9))) for _ in range(500)]
    near = sieve.may_be_near([name_key(name) for name in names])
    left_out = [name for name, is_near in zip(names, near, strict=True) if not is_near]
    assert len(left_out) > 300
    for name in left_out:
        assert resolve_name(name, index) == resolve_name(name, index, search=False)


def test_the_last_of_twenty_thousand_buyers_is_looked_for_among_near_names():
    lines = "".join(f"龙芯材料,光刻胶,采购企业{number:05d}\n" for number in range(20_000))
    content = f"供应商,物料,采购方\n{lines}龙芯材料,光刻胶,中心国际\n".encode()
    result = check(content, "a.csv", known_suppliers=SUPPLIERS, known_items=ITEMS)
    decisions = decide_without_asking(result)
    assert (len(decisions), decisions["supplier:采购企业19999"]) == (20_000, NEW)
    assert "supplier:中心国际" not in decisions
    assert dict(decisions) == decide_unasked(find_questions(result))


@given(
    st.lists(st.text("甲乙aB 1", max_size=4)), st.dictionaries(st.text("甲乙a", max_size=2), st.just("id"))
)
def test_decisions_about_many_buyers_read_like_a_dictionary(names, others):
    keys = {name_key(name): at for at, name in enumerate(names)}
    told = {f"supplier:{key}": target for key, target in others.items()}

    found = NewBuyers(names, np.array(sorted(keys.values()), np.int64), told)
    plain = {f"supplier:{key}": NEW for key in keys} | told
    assert (dict(found), len(found)) == (plain, len(plain))
    assert all(found.get(f"supplier:{key}") == plain.get(f"supplier:{key}") for key in ["甲", "乙a", *others])


def test_a_buyer_of_whom_two_spellings_stand_is_one_new_firm():
    known = [KnownName("I", ("光刻胶",))]
    content = "供应商,物料,采购方\n甲,光刻胶,某厂 A\n乙,光刻胶,某厂Ａ\n".encode()
    result = check(content, "a.csv", known_items=known)
    assert dict(decide_without_asking(result)) == {"supplier:某厂a": NEW}
