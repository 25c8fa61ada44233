import json
from pathlib import Path

import pytest

from ingest.checking import check

SAMPLES = Path(__file__).parents[2] / "data" / "examples" / "uploads"
LISTS = sorted(path.name for path in SAMPLES.iterdir() if path.suffix in {".csv", ".xlsx"})


@pytest.mark.parametrize("name", LISTS)
def test_a_sample_list_gives_the_result_that_stands_beside_it(reader, name):
    answer = check((SAMPLES / name).read_bytes(), name, reader=reader).to_json()
    del answer["digest"]
    assert answer == json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))


def test_every_sample_is_marked_as_synthetic():
    assert "合成示例" in (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert len(LISTS) >= 5
