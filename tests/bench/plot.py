"""A small plot with two logarithmic axes as SVG text, without a library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 20, 50
COLOURS = ("#1f5fa8", "#b5541c", "#3d7a3d")
STEPS = (1, 2, 3, 4, 6, 8)


@dataclass(frozen=True)
class Line:
    """One labelled line; both coordinates above 0."""

    label: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis between two values, drawn from one place of the picture to another."""

    least: float
    most: float
    first: float
    last: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        part = math.log(value / self.least) / math.log(self.most / self.least)
        return self.first + part * (self.last - self.first)

    def ticks(self) -> list[float]:
        """Round values between the ends."""
        powers = range(math.floor(math.log10(self.least)), math.ceil(math.log10(self.most)) + 1)
        values = [step * 10.0**power for power in powers for step in STEPS]
        return [value for value in values if self.least <= value <= self.most]


def draw(lines: Sequence[Line], *, across: str, up: str) -> str:
    """Draw lines over two logarithmic axes; `across` and `up` name them."""
    points = [point for line in lines for point in line.points]
    x = _axis([point[0] for point in points], LEFT, WIDTH - RIGHT)
    y = _axis([point[1] for point in points], HEIGHT - BOTTOM, TOP)
    body = [*_grid(x, y), _text(WIDTH / 2, HEIGHT - 10, across, "middle"), _text(10, TOP - 6, up, "start")]
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        places = [(x.at(across_), y.at(up_)) for across_, up_ in line.points]
        way = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
        body.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{colour}"/>' for a, b in places]
        body.append(_text(LEFT + 14, TOP + 32 + 18 * number, line.label, "start", colour))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    return "\n".join([head, paper, *body, "</svg>", ""])


def _axis(values: Sequence[float], first: float, last: float) -> Axis:
    return Axis(min(values) / 1.5, max(values) * 1.5, first, last)


def _grid(x: Axis, y: Axis) -> list[str]:
    grid = []
    for value in x.ticks():
        at = x.at(value)
        grid.append(_stroke(at, TOP, at, HEIGHT - BOTTOM))
        grid.append(_text(at, HEIGHT - BOTTOM + 18, f"{value:,.6g}", "middle"))
    for value in y.ticks():
        at = y.at(value)
        grid.append(_stroke(LEFT, at, WIDTH - RIGHT, at))
        grid.append(_text(LEFT - 8, at + 4, f"{value:,.6g}", "end"))
    return grid


def _stroke(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#333333") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="{anchor}" fill="{colour}">{text}</text>'
    )
