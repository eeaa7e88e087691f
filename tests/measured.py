"""For processes that tests start with an environment of their own. Apart from tests.environment, which acts when imported."""

import os


def measured() -> dict[str, str]:
    """What such a process needs, so that `make coverage` measures it like the rest."""
    return {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
