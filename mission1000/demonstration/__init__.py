"""The demonstration: its accounts, and the files it carries through the real acts."""

from accounts.demo import PASSWORD
from mission1000.demonstration.people import accounts, demo_address

__all__ = ["PASSWORD", "accounts", "demo_address"]
