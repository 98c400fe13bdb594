"""A standalone Spark cluster on this machine: a master and workers, each a process of its own, on the loopback.

To try things out, to test and to measure. A real cluster is somebody's who runs one.
"""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOPBACK = "127.0.0.1"


@contextmanager
def local_cluster(workers: int, folder: Path, memory: str = "1g") -> Iterator[str]:
    """Give the address of a master with so many workers of one core each; all are stopped at the end.

    `folder` holds a folder per worker, `0` …, where Spark keeps what each executor prints.
    """
    master = f"spark://{_LOOPBACK}:{_free_port()}"
    port = master.rsplit(":", 1)[1]
    running = [_daemon("master.Master", "--host", _LOOPBACK, "--port", port, "--webui-port", "0")]
    try:
        for number in range(workers):
            own = ["--cores", "1", "--memory", memory, "--webui-port", "0", "--work-dir", str(folder / str(number))]
            running.append(_daemon("worker.Worker", "--host", _LOOPBACK, *own, master))
        yield master
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(timeout=60)


def all_workers(workers: int, memory: str = "512m") -> dict[str, str]:
    """Return the settings of a run that waits for all workers of such a cluster and uses them all."""
    return {
        "spark.cores.max": str(workers),
        "spark.executor.cores": "1",
        "spark.executor.memory": memory,
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.driver.host": _LOOPBACK,
        "spark.driver.bindAddress": _LOOPBACK,
    }


def _daemon(name: str, *arguments: str) -> "subprocess.Popen[bytes]":
    import pyspark  # an extra  # noqa: PLC0415

    home = Path(pyspark.__file__).parent
    env = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": _LOOPBACK, "SPARK_DAEMON_MEMORY": "256m"}
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - its own


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((_LOOPBACK, 0))
        return int(one.getsockname()[1])
