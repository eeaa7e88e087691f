"""Caps of each round. Figures are known from the press; the orders behind them are to be confirmed by the Department."""

from applications.models import Round
from support.models import RoundCaps


def load() -> str:
    """Make caps for every round that has none; what somebody entered is left alone. What is there now, in words."""
    for call in Round.objects.filter(caps__isnull=True):
        RoundCaps.objects.create(round=call)
    return f"caps of {RoundCaps.objects.count()} rounds"
