"""The formats as filters; `when` and `when_exactly` make a <time> that never breaks."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html

from records import formats, widgets

register = template.Library()
for function in (
    formats.indian,
    formats.rupees,
    formats.rupees_short,
    formats.rupees_words,
    formats.percent,
    formats.day,
    formats.moment,
    formats.clock_time,
    formats.breakable,
):
    register.filter(function.__name__, function)


@register.filter
def when(value: date | datetime | None) -> str:
    """A date as <time>."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', _iso(value), formats.day(value))


@register.filter
def when_exactly(value: datetime | None) -> str:
    """A date and a time of day as <time>."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="minutes"), formats.moment(value))


def _iso(value: Any) -> str:
    return (formats.ist(value).date() if isinstance(value, datetime) else value).isoformat()


@register.filter
def rupees_read(value: Any) -> str:
    """What stands in a money field, read back in words; nothing while it is not an amount."""
    amount = widgets.amount_of(value)
    return formats.rupees_words(amount) if amount is not None else ""
