"""Letters of different scripts that look alike on paper and screen, and words that mix scripts.

The pairs are what the letters look like, capital or small; nothing here says how they sound.
"""

from polisbridge.core.names.script import Script, script_of

_CYRILLIC_TO_LATIN = dict(zip("авсенкмортхуіѕјәԁԛԝһө", "abcehkmoptxyisjədqwhɵ", strict=True))
_ARMENIAN_TO_LATIN = {"օ": "o", "հ": "h", "ս": "u", "ո": "n", "զ": "q", "ց": "g", "յ": "j"}
_LATIN_TO_CYRILLIC = {latin: cyrillic for cyrillic, latin in _CYRILLIC_TO_LATIN.items() if cyrillic != "һ"}

TWINS: dict[Script, dict[str, str]] = {
    Script.LATIN: _CYRILLIC_TO_LATIN | _ARMENIAN_TO_LATIN,
    Script.CYRILLIC: _LATIN_TO_CYRILLIC,
    Script.ARMENIAN: {latin: armenian for armenian, latin in _ARMENIAN_TO_LATIN.items()} | {"о": "օ"},
}


def unmixed(word: str) -> tuple[str, Script | None, bool]:
    """Return a word in one script, that script, and whether letters of others had to be taken for their twins.

    The script is the one of most letters that can hold all of them; None where none can.
    """
    found = [script_of(letter) for letter in word if letter != "'"]
    if None in found or not found:
        return word, None, False
    scripts = sorted({one for one in found if one}, key=lambda one: (-found.count(one), one))
    for script in scripts:
        twins = TWINS[script]
        letters = [one if one == "'" or script_of(one) is script else twins.get(one, "") for one in word]
        if all(letters):
            return "".join(letters), script, len(scripts) > 1
    return word, None, True
