"""A released meeting in the database of another process: `python -m tests.evaluation.outside` says of how many files."""

import django

django.setup()

from tests.evaluation.conftest import build_world
from tests.evaluation.sitting import sit
from tests.evaluation.test_letters import released

if __name__ == "__main__":
    print(released(sit(build_world()), *[("81.00", "recommended")] * 5).decisions.count())
