"""The map of corridors as shapes: states as tiles where they lie to each other, and curves between them.

Own-drawn and schematic: no border on it is a border. There are two drawings, a wide one and a narrow one for phones.
Lengths are units of the drawing's own box.
"""

from dataclasses import dataclass
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
        "UZ": Tile(300, 336, 150, 74),
        "TJ": Tile(500, 336, 130, 74),
        "KG": Tile(640, 250, 110, 74),
    },
    13,
)
NARROW = Drawing(
    "narrow",
    320,
    440,
    {
        "RU": Tile(106, 8, 206, 66),
        "BY": Tile(4, 18, 82, 56),
        "AM": Tile(4, 240, 84, 56),
        "KZ": Tile(120, 150, 150, 58),
        "UZ": Tile(98, 300, 92, 56),
        "TJ": Tile(150, 378, 96, 56),
        "KG": Tile(226, 272, 90, 56),
    },
    11,
)
_BENDS = (0.12, -0.12, 0.24, -0.24, 0.4, -0.4, 0.6, -0.6, 0.85, -0.85)
_STEPS = 40
_ARROW = 9.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A line from one tile to another: its path, the place of its sign, and its arrow head as points."""

    path: str
    sign: Point
    arrow: str


def curve(drawing: Drawing, home: str, host: str, taken: list[Point]) -> Curve:
    """Return the line from home to host that bends least without crossing another tile or a sign that is `taken`.

    The place of its own sign is added to those.
    """
    start, end = drawing.tiles[home], drawing.tiles[host]
    others = [one for name, one in drawing.tiles.items() if name not in (home, host)]
    best: tuple[float, list[Point]] | None = None
    for bend in _BENDS:
        points = _outside(_bent(start, end, bend), start, end)
        cost = _cost(points, others, drawing, taken) + abs(bend)
        if best is None or cost < best[0]:
            best = cost, points
    assert best is not None  # noqa: S101 - there are bends
    points = best[1]
    middle = points[len(points) // 2]
    taken.append(middle)
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return Curve(path, middle, _arrow(points))


def _bent(start: Tile, end: Tile, bend: float) -> list[Point]:
    """Return points of a quadratic curve between the tiles, bent sideways by a part of its length.

    Between a wide tile and another the line leaves where it is nearest, not in the middle.
    """
    (x1, y1), (x2, y2) = _near(start, end), _near(end, start)
    middle = (x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend
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
    left = [one for one in points if not start.holds(one, 1) and not end.holds(one, 3)]
    return left if len(left) > 2 else points[len(points) // 2 - 2 : len(points) // 2 + 3]  # noqa: PLR2004


def _cost(points: list[Point], others: list[Tile], drawing: Drawing, taken: list[Point]) -> float:
    """Return how bad a line is: steps within other tiles or outside the drawing, and signs that touch."""
    crossed = sum(1 for point in points for one in others if one.holds(point, 4))
    whole = Tile(0, 0, drawing.width, drawing.height)
    out = sum(1 for point in points if not whole.holds(point, -2))
    x, y = points[len(points) // 2]
    near = sum(1 for a, b in taken if hypot(a - x, b - y) < 2.3 * drawing.mark)
    return 3 * crossed + 5 * out + 4 * near


def _arrow(points: list[Point]) -> str:
    (x1, y1), (x2, y2) = points[-min(4, len(points))], points[-1]
    length = hypot(x2 - x1, y2 - y1) or 1
    dx, dy = (x2 - x1) / length * _ARROW, (y2 - y1) / length * _ARROW
    corners = ((x2, y2), (x2 - dx - dy * 0.5, y2 - dy + dx * 0.5), (x2 - dx + dy * 0.5, y2 - dy - dx * 0.5))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
