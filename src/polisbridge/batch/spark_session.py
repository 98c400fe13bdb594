"""A Spark session that keeps quiet, reads days as they are meant, and says in one line what went wrong."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from polisbridge.core.errors import ErrorCode, PolisbridgeError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_QUIET = Path(__file__).with_name("spark-log4j2.properties")
_SETTINGS = {
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_QUIET.as_uri()}",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.compression.codec": "zstd",
    # 0001-01-01 is a day of the layout, in the calendar that everybody uses now.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}


@contextmanager
def spark_session(master: str, settings: Mapping[str, str] | None = None) -> Iterator["SparkSession"]:
    """Give a Spark session on the master, stopped at the end; `settings` are Spark's own and go before ours.

    With a master on this machine alone (`local[2]`), nothing listens to the network. Raises PolisbridgeError when
    Spark is not installed, does not start, or stops for any reason of its own.
    """
    try:
        from py4j.protocol import Py4JError  # type: ignore[import-untyped]  # extras, slow to load  # noqa: PLC0415
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as exc:
        hint = "pip install polisbridge[spark]; it needs Java 17 or later too"
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"Spark: {exc.name}", hint=hint) from exc
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    try:
        builder = SparkSession.builder.master(master).appName("polisbridge")
        for name, value in {**_SETTINGS, **(settings or {})}.items():
            builder = builder.config(name, value)
        spark = builder.getOrCreate()
        try:
            yield spark
        finally:
            spark.stop()
    except (PySparkException, Py4JError) as exc:
        hint = "see docs/scaling.md for what Spark needs: Java, the master, and folders that all machines see"
        raise PolisbridgeError(ErrorCode.NOT_READABLE, f"Spark on {master}: {_cause(exc)}", hint=hint) from exc


def _cause(exc: Exception) -> str:
    """Return the first line of the first reason that Java gives, or of the error itself."""
    lines = str(exc).splitlines()
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    found = causes or [line for line in lines if line.strip() and not line.startswith("An error occurred")]
    return found[-1 if causes else 0] if found else type(exc).__name__
