"""Write requirements.lock: every dependency pinned and hashed, with no index or host address in it."""

import subprocess
import sys

subprocess.run(  # noqa: S603 - fixed arguments
    [
        *(sys.executable, "-m", "piptools", "compile", "pyproject.toml", "--all-extras", "--generate-hashes"),
        *("--allow-unsafe", "--strip-extras", "--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-options"),
        *("--no-header", "--quiet", "--output-file", "requirements.lock"),
    ],
    check=True,
)
