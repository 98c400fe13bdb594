"""A token in software, SoftHSM2 (apt-get install softhsm2), for tests of keys in hardware."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which

TOKEN, PIN = "insurer", b"1234567890"

_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/local/lib")
_MODULES = [Path(folder) / "softhsm" / "libsofthsm2.so" for folder in _FOLDERS]
_CONFIGURATION = "SOFTHSM2_CONF"


def module() -> Path | None:
    """Return SoftHSM2's module, None where it, or what speaks to it, is not installed."""
    if which("softhsm2-util") is None or find_spec("pkcs11") is None:
        return None
    return next((path for path in _MODULES if path.exists()), None)


@contextmanager
def token_in(folder: Path) -> Iterator[None]:
    """Make a token in a folder. One for the whole process: the module reads its configuration once."""
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    before = os.environ.get(_CONFIGURATION)
    os.environ[_CONFIGURATION] = str(folder / "softhsm2.conf")
    command = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN.decode()]
    subprocess.run([*command, "--so-pin", "12345678"], check=True, capture_output=True)  # noqa: S603
    yield
    del os.environ[_CONFIGURATION]
    if before is not None:
        os.environ[_CONFIGURATION] = before
