"""The map of corridors as shapes: states as tiles where they lie to each other, and curves between them.

Own-drawn and schematic: no border on it is a border. There are two drawings, a wide one and a narrow one for phones.
Lengths are units of the drawing's own box.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import hypot

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tile:
    """A state's place: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, point: Point, margin: float = 0) -> bool:
        """Say whether a point lies in the tile, or within a margin around it."""
        x, y = point
        inside = self.x - margin <= x <= self.x + self.width + margin
        return inside and self.y - margin <= y <= self.y + self.height + margin


@dataclass(frozen=True, slots=True)
class Drawing:
    """The tiles of one drawing and the size of its box."""

    name: str
    width: int
    height: int
    tiles: dict[str, Tile]
    mark: int  # radius of the sign on a line


WIDE = Drawing(
    "wide",
    760,
    430,
    {
        "RU": Tile(230, 20, 510, 100),
        "BY": Tile(20, 40, 140, 74),
        "AM": Tile(70, 300, 140, 74),
        "KZ": Tile(330, 190, 270, 80),
        "UZ": Tile(290, 340, 150, 74),
        "TJ": Tile(510, 340, 130, 74),
        "KG": Tile(640, 236, 110, 74),
    },
    13,
)
NARROW = Drawing(
    "narrow",
    320,
    464,
    {
        "RU": Tile(106, 8, 206, 66),
        "BY": Tile(4, 18, 82, 56),
        "AM": Tile(4, 222, 80, 56),
        "KZ": Tile(106, 150, 130, 58),
        "UZ": Tile(40, 336, 94, 56),
        "TJ": Tile(166, 400, 96, 56),
        "KG": Tile(232, 290, 86, 56),
    },
    11,
)
_BENDS = tuple(
    sign * bend for bend in (0.05, 0.12, 0.18, 0.24, 0.32, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0, 1.2, 1.4) for sign in (1, -1)
)
_LEANS = (0.5, 0.25, 0.75, 0.0, 1.0)
_PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)  # of a sign, in parts of its line
_STEPS = 120
_ARROW = 9.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A line from one tile to another: its path, the place of its sign, and its arrow head as points."""

    path: str
    sign: Point
    arrow: str


@cache
def lines(name: str, state: str, way: str) -> Mapping[tuple[str, str], Curve]:
    """Return the lines `into` or `from` a state on the drawing of that name, by home and host; drawn once."""
    drawing = next(one for one in (WIDE, NARROW) if one.name == name)
    taken: list[Point] = []
    pairs = [(other, state) if way == "into" else (state, other) for other in drawing.tiles if other != state]
    return {pair: curve(drawing, *pair, taken) for pair in pairs}


def curve(drawing: Drawing, home: str, host: str, taken: list[Point]) -> Curve:
    """Return the line from home to host that bends least without crossing another tile or a sign that is `taken`.

    The place of its own sign is added to those.
    """
    start, end = drawing.tiles[home], drawing.tiles[host]
    others = [one for name, one in drawing.tiles.items() if name not in (home, host)]
    tried = list[tuple[float, list[Point], Point]]()
    for bend, lean in product(_BENDS, _LEANS):
        points = _outside(_bent(start, end, bend, lean), start, end)
        way = _cost(points, others, drawing, taken) + abs(bend) + abs(lean - 0.5) / 4
        for place in _PLACES:
            sign = points[int(place * (len(points) - 1))]
            tried.append((way + abs(place - 0.5) + _crowded(sign, drawing, taken), points, sign))
    _, points, sign = min(tried, key=lambda one: one[0])
    taken.append(sign)
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return Curve(path, sign, _arrow(points))


def _bent(start: Tile, end: Tile, bend: float, lean: float) -> list[Point]:
    """Return points of a quadratic curve between the tiles, bent sideways by a part of its length.

    `lean` is where along the way it bends most.

    Between a wide tile and another the line leaves where it is nearest, not in the middle.
    """
    (x1, y1), (x2, y2) = _near(start, end), _near(end, start)
    middle = x1 + (x2 - x1) * lean - (y2 - y1) * bend, y1 + (y2 - y1) * lean + (x2 - x1) * bend
    found = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        found.append((a * x1 + b * middle[0] + c * x2, a * y1 + b * middle[1] + c * y2))
    return found


def _near(one: Tile, other: Tile) -> Point:
    """Return a point on the middle line of a tile, as near to the other tile as three quarters of its width allow."""
    x, y = one.centre
    reach = one.width * 0.36
    return min(max(other.centre[0], x - reach), x + reach), y


def _outside(points: list[Point], start: Tile, end: Tile) -> list[Point]:
    """Return the part of a line between the two tiles, with at least its two ends."""
    left = [one for one in points if not start.holds(one) and not end.holds(one, 2)]
    return left if len(left) > 2 else points[len(points) // 2 - 6 : len(points) // 2 + 7]  # noqa: PLR2004


def _cost(points: list[Point], others: list[Tile], drawing: Drawing, taken: list[Point]) -> float:
    """Return how bad a line is: steps within other tiles or outside the drawing, and signs that it runs through."""
    crossed = sum(1 for point in points[::3] for one in others if one.holds(point, 4))
    whole = Tile(0, 0, drawing.width, drawing.height)
    out = sum(1 for point in points[::3] if not whole.holds(point, -2))
    through = sum(1 for a, b in taken if any(hypot(a - x, b - y) < 1.5 * drawing.mark for x, y in points[::3]))
    return 3 * crossed + 5 * out + 2 * through


def _crowded(sign: Point, drawing: Drawing, taken: list[Point]) -> float:
    """Return how bad the place of a sign is: those that it touches, and tiles that it lies on."""
    x, y = sign
    near = sum(1 for a, b in taken if hypot(a - x, b - y) < 2.3 * drawing.mark)
    return 4 * near + 2 * sum(1 for one in drawing.tiles.values() if one.holds(sign, drawing.mark - 2))


def _arrow(points: list[Point]) -> str:
    (x1, y1), (x2, y2) = points[-min(8, len(points))], points[-1]
    length = hypot(x2 - x1, y2 - y1) or 1
    dx, dy = (x2 - x1) / length * _ARROW, (y2 - y1) / length * _ARROW
    corners = ((x2, y2), (x2 - dx - dy * 0.5, y2 - dy + dx * 0.5), (x2 - dx + dy * 0.5, y2 - dy - dx * 0.5))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
