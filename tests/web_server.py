"""The site of a sample node on a port of this machine, for a real browser: `python web_server.py FOLDER`.

Prints the port, then serves until it is ended. FOLDER holds the kit, and certificates to verify as text and picture.
"""

import socket
import sys
from pathlib import Path

import uvicorn
from verify_scene import Scene, new_scene
from web_node import SampleNode

from polisbridge.formats.qr import png, symbol_of
from polisbridge.web.site import create_site


def write_certificates(scene: Scene, folder: Path) -> None:
    """Write a genuine certificate as text and as QR picture."""
    text = scene.issue().text
    (folder / "certificate.txt").write_text(text)
    (folder / "certificate.png").write_bytes(png(symbol_of(text)))


def main(folder: Path) -> None:
    """Serve until ended."""
    scene = new_scene(folder)
    write_certificates(scene, folder)
    site = create_site(SampleNode(folder / "kit"), most_a_minute=10_000)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        uvicorn.Server(uvicorn.Config(site, log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
