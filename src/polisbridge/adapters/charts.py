"""Charts as SVG pictures with matplotlib: the same chart gives the same bytes on every machine.

Colour is never alone: every tone has a hatch of its own, and the values stand on the bars. Letters are drawn as
outlines of DejaVu Sans, which comes with matplotlib, so that no font of the machine takes part.
"""

from io import BytesIO
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from polisbridge.services.report import Chart, ChartKind, Series, Tone
from polisbridge.words import Words

_COLOURS = {
    Tone.YES: "#2e7d4f",
    Tone.FREE: "#a9c9e8",
    Tone.NO: "#b3373f",
    Tone.OPEN: "#f0c75e",
    Tone.PLAIN: "#5b6b7f",
}
_HATCHES = {Tone.YES: "", Tone.FREE: "...", Tone.NO: "///", Tone.OPEN: "xx", Tone.PLAIN: "--"}
_INK, _LINE = "#0b1f3a", "#9aa7b8"
_SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "polisbridge",
}
_WIDTH, _AROUND = 7.2, 1.25  # inches
_BAR, _MANY_BAR, _MANY = 0.42, 0.3, 9  # inches for each bar, and for each of many
_SMALL = 0.055  # of the longest bar: a part that is shorter has no room for its value inside


def svg(chart: Chart, words: Words) -> bytes:
    """Return the chart as an SVG picture; its caption and its text for the blind are the page's to show."""
    with rc_context(_SETTINGS):
        bar = _MANY_BAR if len(chart.categories) > _MANY else _BAR
        figure = Figure(figsize=(_WIDTH, _AROUND + bar * len(chart.categories)), layout="constrained")
        axes = figure.add_subplot()
        draw = _stacked if chart.kind is ChartKind.STACKED else _diverging
        draw(axes, chart, words)
        _frame(axes, chart, words)
        figure.legend(loc="outside lower center", ncols=min(4, len(chart.series)), frameon=False, fontsize=8)
        return _written(figure)


def _written(figure: Figure) -> bytes:
    out = BytesIO()
    FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    return out.getvalue()


def _frame(axes: Any, chart: Chart, words: Words) -> None:
    axes.set_yticks(range(len(chart.categories)), [_wrapped(one) for one in chart.categories])
    axes.invert_yaxis()
    axes.set_xlabel(chart.unit)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: words.number(abs(value)))
    axes.tick_params(length=0, colors=_INK)
    axes.grid(axis="x", color=_LINE, linewidth=0.4)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _wrapped(name: str, width: int = 34) -> str:
    lines, line = [], ""
    for word in name.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def _bar(axes: Any, at: int, left: int, value: int, series: Series, label: str | None) -> None:
    axes.barh(
        at,
        value,
        left=left,
        height=0.68,
        color=_COLOURS[series.tone],
        hatch=_HATCHES[series.tone],
        edgecolor=_INK,
        linewidth=0.5,
        label=label,
    )


def _stacked(axes: Any, chart: Chart, words: Words) -> None:
    """Draw parts one after the other; values of parts too short for them stand behind the bar, with their names."""
    longest = max((sum(one.values[at] for one in chart.series) for at in range(len(chart.categories))), default=0) or 1
    for at in range(len(chart.categories)):
        left, behind = 0, []
        for series in chart.series:
            value = series.values[at]
            _bar(axes, at, left, value, series, series.name if at == 0 else None)
            if value >= _SMALL * longest:
                _value(axes, left + value / 2, at, words.number(value), "center")
            elif value:
                behind.append(f"{series.name}: {words.number(value)}")
            left += value
        if behind:
            axes.text(left + longest * 0.01, at, "; ".join(behind), va="center", ha="left", fontsize=7, color=_INK)
    axes.set_xlim(0, longest * 1.22)


def _diverging(axes: Any, chart: Chart, words: Words) -> None:
    """Draw values below zero to the left and the others to the right, each with its value at its end."""
    ends = {1: [0] * len(chart.categories), -1: [0] * len(chart.categories)}
    for series in chart.series:
        for at, value in enumerate(series.values):
            side = -1 if value < 0 else 1
            _bar(axes, at, ends[side][at], value, series, series.name if at == 0 else None)
            ends[side][at] += value
    longest = max((abs(one) for side in ends.values() for one in side), default=0) or 1
    for side, found in ends.items():
        for at, end in enumerate(found):
            if end:
                place = end + side * longest * 0.015
                _value(axes, place, at, words.number(abs(end)), "left" if side > 0 else "right")
    axes.axvline(0, color=_INK, linewidth=0.8)
    axes.set_xlim(-longest * 1.2, longest * 1.2)


def _value(axes: Any, across: float, at: float, text: str, align: str) -> None:
    """Write a value on white, so that no hatch runs through it."""
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 1.2, "alpha": 0.92}
    axes.text(across, at, text, va="center", ha=align, fontsize=8, color=_INK, bbox=plate)
