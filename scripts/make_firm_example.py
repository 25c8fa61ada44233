"""Write the synthetic firm network of data/examples/firms: 320 invented firms, the same files at every call.

Run from the checkout: ``python scripts/make_firm_example.py [FOLDER]``. Firms of the demo chain keep their
ids, so their index shows on their node page.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
FIRMS: Final = 320
LINKS_A_FIRM: Final = 6
SECOND_MAKER: Final = 0.6
SEED: Final = 20261122
CITIES: Final = (
    *("南京", "苏州", "无锡", "常州", "南通", "扬州", "镇江"),
    *("泰州", "盐城", "徐州", "淮安", "连云港", "宿迁"),
)
# Sector, its place from raw material (0) to final goods (4), and the sectors that it cannot do without.
SECTORS: Final[dict[str, tuple[int, tuple[str, ...]]]] = {
    "化工原料": (0, ()),
    "电子化学品": (1, ("化工原料",)),
    "特种气体": (0, ()),
    "硅材料": (1, ("特种气体",)),
    "稀土磁材": (0, ()),
    "钢铁": (0, ("轴承",)),
    "铝材": (0, ()),
    "铜材": (0, ()),
    "工业软件": (2, ()),
    "晶圆制造": (2, ("硅材料", "电子化学品", "特种气体")),
    "封装测试": (3, ("晶圆制造", "铜材")),
    "电子元件": (2, ("铜材", "电子化学品")),
    "印制电路板": (3, ("电子元件", "铜材")),
    "轴承": (1, ("钢铁", "数控机床")),
    "减速器": (2, ("轴承", "数控机床")),
    "伺服电机": (2, ("稀土磁材", "轴承")),
    "数控机床": (3, ("减速器", "伺服电机", "轴承")),
    "工业机器人": (3, ("减速器", "伺服电机", "封装测试")),
    "动力电池": (3, ("化工原料", "铝材")),
    "汽车零部件": (3, ("钢铁", "铝材", "轴承")),
    "新能源整车": (4, ("动力电池", "封装测试", "汽车零部件")),
    "光伏组件": (3, ("硅材料", "铝材")),
    "物流": (2, ()),
    "检测服务": (2, ()),
}
SERVICES: Final = ("物流", "检测服务")
# Firms of the demo chain, whose node pages show the index.
CHAIN_FIRMS: Final = {
    "demo-fab-nanjing": ("合成示例·南京晶圆厂", "晶圆制造", "南京"),
    "demo-fab-wuxi": ("合成示例·无锡晶圆厂", "晶圆制造", "无锡"),
    "demo-chip-suzhou": ("合成示例·苏州控制芯片厂", "封装测试", "苏州"),
    "demo-chip-changzhou": ("合成示例·常州控制芯片厂", "封装测试", "常州"),
    "demo-box-nantong": ("合成示例·南通智能装备厂", "工业机器人", "南通"),
}


def main(folder: Path) -> None:
    """Write edges.csv, firms.csv and essential.csv.

    Parameters
    ----------
    folder
        Where to.
    """
    random = np.random.default_rng(SEED)
    names = list(SECTORS)
    sectors = [sector for _name, sector, _city in CHAIN_FIRMS.values()]
    chance = np.array([0.4 if name in SERVICES else 1.0 for name in names])
    sectors += list(random.choice(names, FIRMS - len(sectors), p=chance / chance.sum()))
    size = np.sort(random.pareto(1.2, FIRMS) + 0.05)[::-1]
    size = size[random.permutation(FIRMS)]
    # The firms of the demo chain are large ones.
    size[: len(CHAIN_FIRMS)] = np.quantile(size, (0.97, 0.95, 0.96, 0.9, 0.93))
    firms = make_firms(sectors, random)
    write(folder / "firms.csv", ("id", "sector", "name", "city"), firms)
    edges = make_edges(sectors, size, random)
    rows = sorted((firms[one][0], firms[other][0], f"{weight:.2f}") for (one, other), weight in edges.items())
    write(folder / "edges.csv", ("supplier", "buyer", "weight"), rows)
    matrix = [(seller, *(essential(seller, buyer) for buyer in names)) for seller in names]
    write(folder / "essential.csv", ("sector", *names), matrix)


def make_firms(sectors: Sequence[str], random: np.random.Generator) -> list[tuple[str, str, str, str]]:
    """Name the firms: id, sector, name, city; a few cities stay unknown."""
    firms = [(key, sector, name, city) for key, (name, sector, city) in CHAIN_FIRMS.items()]
    counts = dict.fromkeys(SECTORS, 0)
    chance = 1.0 / np.arange(1, len(CITIES) + 1)
    for number, sector in enumerate(sectors[len(firms) :], start=1):
        counts[sector] += 1
        city = str(random.choice(CITIES, p=chance / chance.sum()))
        known = "" if number % 40 == 0 else city
        firms.append(
            (f"demo-firm-{number:03}", sector, f"合成示例·{city}{sector}{counts[sector]:02}厂", known)
        )
    return firms


def make_edges(
    sectors: Sequence[str], size: np.ndarray, random: np.random.Generator
) -> dict[tuple[int, int], float]:
    """Draw who sells how much to whom: large firms sell to many, essential inputs come from few."""
    edges: dict[tuple[int, int], float] = {}
    of_sector = {name: [place for place, one in enumerate(sectors) if one == name] for name in SECTORS}
    for buyer, sector in enumerate(sectors):
        tier, needs = SECTORS[sector]
        others = [name for name, (place, _needs) in SECTORS.items() if place <= tier and name not in needs]
        extra = max(1, LINKS_A_FIRM - 2 * len(needs))
        wanted = [*needs, *random.choice(others, extra)]
        for name in wanted:
            makers = [place for place in of_sector[name] if place != buyer]
            chance = size[makers] / size[makers].sum()
            many = min(len(makers), 1 + int(random.random() < SECOND_MAKER))
            for maker in random.choice(makers, many, replace=False, p=chance):
                pair = (int(maker), buyer)
                weight = 100 * size[maker] ** 0.4 * size[buyer] ** 0.6 * random.lognormal(0, 0.7)
                edges[pair] = edges.get(pair, 0.0) + float(weight) + 0.01
    return edges


def essential(seller: str, buyer: str) -> int:
    """Class of an input: 2 for what the buyer cannot do without, 0 for services, else 1."""
    if seller in SECTORS[buyer][1]:
        return 2
    return 0 if seller in SERVICES else 1


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "examples" / "firms")
