"""The site served by uvicorn, in one process or several on one database, and stopped without cutting requests off."""

import os
import shutil
import signal
import ssl
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import uvicorn

from polisbridge.adapters.job_processes import JobProcesses
from polisbridge.services.nodes import MOST_A_MINUTE, Serving

_APP = "polisbridge.app:site"  # by name, for each process makes its own
_PATIENCE = 20  # seconds for requests under way when told to stop
_NODE, _LAW, _HTTPS, _METRICS = "POLISBRIDGE_NODE", "POLISBRIDGE_LAW", "POLISBRIDGE_HTTPS", "PROMETHEUS_MULTIPROC_DIR"
_MOST, _FROM_PROXY = "POLISBRIDGE_MOST_A_MINUTE", "POLISBRIDGE_CLIENT_CERT_HEADER"
_PROTOCOL = "polisbridge.adapters.client_certificates:NodeProtocol"


@dataclass(frozen=True, slots=True)
class Served:
    """What a serving process needs to know; it comes by the environment."""

    folder: Path
    url: str
    law: Path | None
    https: bool
    most_a_minute: int = MOST_A_MINUTE
    client_cert_header: bool = False


def served(env: Mapping[str, str]) -> Served:
    """Return what the environment of a serving process says."""
    law = env.get(_LAW)
    return Served(
        folder=Path(env[_NODE]),
        url=env["DATABASE_URL"],
        law=Path(law) if law else None,
        https=env.get(_HTTPS) == "1",
        most_a_minute=int(env.get(_MOST, MOST_A_MINUTE)),
        client_cert_header=env.get(_FROM_PROXY) == "1",
    )


def serve(folder: Path, url: str, law: Path | None, serving: Serving) -> None:
    """Serve until SIGTERM or SIGINT; what is under way is finished, for at most 20 seconds."""
    metrics = tempfile.mkdtemp(prefix="polisbridge-metrics-")
    os.environ |= {_NODE: str(folder.resolve()), "DATABASE_URL": url, _METRICS: metrics}
    os.environ |= ({_LAW: str(law.resolve())} if law else {}) | (
        {_HTTPS: "1"} if serving.https or serving.tls_cert else {}
    )
    os.environ |= {_MOST: str(serving.most_a_minute), _FROM_PROXY: "1" if serving.client_cert_header else ""}
    from polisbridge.adapters.watching import log_as_json  # reads where figures go as it is imported  # noqa: PLC0415

    signal.signal(signal.SIGTERM, _asked_to_stop)
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))  # the terminal was closed
    log_as_json()
    try:
        with JobProcesses(serving.jobs):
            uvicorn.run(
                _APP,
                factory=True,
                host=serving.host,
                port=serving.port,
                workers=serving.workers,
                timeout_graceful_shutdown=_PATIENCE,
                log_config=None,
                access_log=False,  # it would write down addresses and queries; `watching` does without
                server_header=False,
                lifespan="on",
                http=_PROTOCOL,
                **_tls(serving),
            )
    finally:
        shutil.rmtree(metrics, ignore_errors=True)


def _tls(serving: Serving) -> dict[str, Any]:
    """Return what uvicorn needs for TLS; a client's certificate is asked for where a CA of clients is named."""
    if serving.tls_cert is None:
        return {}
    own = {"ssl_certfile": serving.tls_cert, "ssl_keyfile": serving.tls_key}
    if serving.client_ca is None:
        return own
    return {**own, "ssl_ca_certs": serving.client_ca, "ssl_cert_reqs": ssl.CERT_OPTIONAL}


def work(folder: Path, url: str, law: Path | None) -> None:
    """Do jobs until SIGTERM or SIGINT, in a process of its own."""
    os.environ |= {_NODE: str(folder.resolve()), "DATABASE_URL": url} | ({_LAW: str(law.resolve())} if law else {})
    with JobProcesses(1):
        stop = Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: stop.set())
        stop.wait()


def _asked_to_stop(*_: object) -> None:
    """Do nothing: uvicorn stops by itself and then raises the signal again, when the database is still to be stopped."""
