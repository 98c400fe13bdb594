"""A portfolio in one file: its folder as a ZIP archive, opened within limits and without trust in its names."""

import zipfile
import zlib
from pathlib import Path

from polisbridge.batch.portfolio import BENEFITS, MANIFEST, ROWS, SETS
from polisbridge.core.errors import ErrorCode, PolisbridgeError

MOST_BYTES = 2_000_000_000  # unpacked; Parquet hardly packs any further
_STEP = 1_000_000


def unpack(archive: Path, into: Path) -> None:
    """Write the portfolio that the archive holds to a new folder: the files of the layout and no other.

    Raises PolisbridgeError when it is no ZIP file, lacks the manifest, or holds more than MOST_BYTES.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            wanted = {name: one for one in packed.infolist() if (name := _place(one.filename)) is not None}
            if MANIFEST not in wanted:
                raise _bad(f"no {MANIFEST} in the archive")
            (into / ROWS).mkdir(parents=True)
            left = MOST_BYTES
            for name, one in wanted.items():
                left = _write(packed, one, into / name, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as exc:
        raise _bad("no ZIP archive that can be read") from exc


def _place(name: str) -> str | None:
    """Return where a file of the archive belongs, None for one that is not of the layout.

    The portfolio may lie in one folder of the archive.
    """
    parts = name.split("/")
    if parts[-2:-1] == [ROWS] and parts[-1].endswith(".parquet") and len(parts) <= 3:  # noqa: PLR2004 - folder/rows/file
        return f"{ROWS}/{parts[-1]}"
    return parts[-1] if parts[-1] in (MANIFEST, SETS, BENEFITS) and len(parts) <= 2 else None  # noqa: PLR2004


def _write(packed: zipfile.ZipFile, one: zipfile.ZipInfo, path: Path, left: int) -> int:
    with packed.open(one) as source, path.open("wb") as target:
        while piece := source.read(_STEP):
            left -= len(piece)
            if left < 0:
                detail = f"more than {MOST_BYTES} bytes unpacked"
                raise PolisbridgeError(ErrorCode.TOO_LARGE, detail, hint="send the portfolio in parts")
            target.write(piece)
    return left


def _bad(detail: str) -> PolisbridgeError:
    hint = "pack the folder that `polisbridge portfolio import` wrote"
    return PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint=hint)
