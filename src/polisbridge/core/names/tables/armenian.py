"""Armenian names, in reformed and classical spelling, eastern pronunciation."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows

_COMMON = rows(
    "ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=y թ=t ժ=zh ի=i լ=l խ=kh ծ=ts կ=k հ=h ձ=dz ղ=gh ճ=ch մ=m յ=y ն=n շ=sh ո=o չ=ch"
    " պ=p ջ=j ռ=r ս=s վ=v տ=t ր=r ց=ts ւ=v փ=p ք=k օ=o ֆ=f ու=u եւ=ev ^եւ=yev"
)

TABLES = (
    TransliterationTable(
        "hy_bgn_1981",
        "BGN/PCGN 1981, without its signs",
        Script.ARMENIAN,
        Evidence.SECONDARY,
        "report of the UN working group on romanization, https://www.eki.ee/wgrs/rom2_hy.htm",
        _COMMON | rows("^ե=ye ^ո=vo ^ով=ov ռ=rr"),
    ),
    TransliterationTable(
        "hy_iso_9985",
        "ISO 9985:1996, without its marks",
        Script.ARMENIAN,
        Evidence.SECONDARY,
        "the same report; the standard was not read",
        _COMMON | rows("ը=e ժ=z խ=x ծ=c ձ=j ղ=g ճ=c շ=s չ=c ց=c ու=ow եւ=ew ^եւ=ew ւ=w"),
        plain=False,
    ),
    TransliterationTable(
        "hy_passport",
        "Armenian names as passports show them, classical spelling included",
        Script.ARMENIAN,
        Evidence.UNCONFIRMED,
        "general knowledge; no rule of Armenia on names of persons was found",
        _COMMON
        | rows(
            "^ե=ye|e ^ո=vo|o ը=y|e ղ=gh|g ու=u|ou յան$=yan|ian եան$=yan|ian|ean յ=y|i ք=k|q թ=t|th փ=p|ph ծ=ts|tz"
            " ջ=j|dj իւ=yu|iu ոյ=uy|oy եա=ya|ia"
        ),
    ),
)
