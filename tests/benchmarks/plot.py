"""A line chart as SVG, without a library: both axes logarithmic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 250, 50, 60
_LEAST, _MOST = 1.0, 100_000.0
_COLOURS = ("#0072b2", "#999999", "#bbbbbb", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9")


def delays_svg(lines: Mapping[str, Mapping[int, float]]) -> str:
    """Milliseconds by answer length, one line a name; an infinite delay ends at the upper edge."""
    lengths = sorted({length for line in lines.values() for length in line})
    parts = [*_frame(lengths)]
    for number, (name, line) in enumerate(lines.items()):
        parts += _line(name, line, lengths, number)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>\n{body}\n</svg>\n'
    )


def _x(length: float, lengths: list[int]) -> float:
    share = math.log(length / lengths[0]) / math.log(lengths[-1] / lengths[0])
    return _LEFT + 20 + share * (_WIDTH - _LEFT - _RIGHT - 40)


def _y(delay: float) -> float:
    bounded = min(max(delay, _LEAST), _MOST)
    share = math.log(bounded / _LEAST) / math.log(_MOST / _LEAST)
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _frame(lengths: list[int]) -> list[str]:
    parts = [f'<text x="{_LEFT}" y="24" font-size="15">Delay of the last token in the page</text>']
    for power in range(6):
        y = _y(10.0**power)
        label = f"{10**power} ms" if power < 3 else f"{10 ** (power - 3)} s"
        parts.append(f'<path d="M{_LEFT} {y:.0f}H{_WIDTH - _RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{label}</text>')
    for length in lengths:
        x, y = _x(length, lengths), _HEIGHT - _BOTTOM + 20
        parts.append(f'<text x="{x:.0f}" y="{y}" text-anchor="middle">{length}</text>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(
        f'<text x="{middle:.0f}" y="{_HEIGHT - 16}" text-anchor="middle">'
        "tokens of the answer</text>"
    )
    return parts


def _line(name: str, line: Mapping[int, float], lengths: list[int], number: int) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    points = [(_x(length, lengths), _y(delay)) for length, delay in sorted(line.items())]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    width = 3 if number == 0 else 1.5
    marks = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
    label_y = _TOP + 18 * number + 8
    x = _WIDTH - _RIGHT + 20
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>',
        *marks,
        f'<path d="M{x} {label_y - 4}h18" stroke="{colour}" stroke-width="{width}"/>',
        f'<text x="{x + 26}" y="{label_y}">{escape(name)}</text>',
    ]
