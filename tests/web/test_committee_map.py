"""The map's lines: each from its own tile to the other's, through no third one, and no two signs on each other."""

from math import hypot

import pytest

from polisbridge.services.approaches import SEVEN
from polisbridge.web.committee_map import NARROW, WIDE, Drawing, Point, Tile, lines


def points(path: str) -> list[Point]:
    found = []
    for one in path.removeprefix("M").split(" L"):
        x, y = one.split()
        found.append((float(x), float(y)))
    return found


@pytest.mark.parametrize("drawing", [WIDE, NARROW], ids=lambda one: one.name)
def test_the_tiles_are_the_seven_states_within_the_drawing_and_apart(drawing: Drawing) -> None:
    tiles = list(drawing.tiles.values())

    assert set(drawing.tiles) == set(SEVEN)
    for one in tiles:
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.width <= drawing.width
        assert one.y + one.height <= drawing.height
    assert not [
        (one, other) for one in tiles for other in tiles if one is not other and any(map(other.holds, _corners(one)))
    ]


def _corners(tile: Tile) -> list[Point]:
    return [(tile.x + a * tile.width, tile.y + b * tile.height) for a in (0, 0.5, 1) for b in (0, 0.5, 1)]


@pytest.mark.parametrize("way", ["into", "from"])
@pytest.mark.parametrize("state", SEVEN)
@pytest.mark.parametrize("drawing", [WIDE, NARROW], ids=lambda one: one.name)
def test_lines_cross_no_other_state_and_their_signs_lie_apart(drawing: Drawing, state: str, way: str) -> None:
    found = lines(drawing.name, state, way)
    taken = [one.sign for one in found.values()]
    for (home, host), line in found.items():
        assert state == (host if way == "into" else home)
        drawn = points(line.path)
        crossed = {
            name
            for name, tile in drawing.tiles.items()
            if name not in (home, host) and any(tile.holds(one) for one in drawn)
        }
        assert (home, host, crossed) == (home, host, set())
        assert drawing.tiles[host].holds(drawn[-1], 14)
        assert drawing.tiles[home].holds(drawn[0], 14)

    assert len(taken) == len(SEVEN) - 1
    for at, (x, y) in enumerate(taken):
        for a, b in taken[:at]:
            assert hypot(a - x, b - y) > 1.8 * drawing.mark
