"""May it, and if not, why not."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """An answer with its reason: the button, the 403 page, the action and the tests share it."""

    ok: bool
    reason: Any = ""  # a sentence fit to show, may be lazy text

    def __bool__(self) -> bool:
        return self.ok


ALLOWED = Verdict(True)


def refuse(reason: Any) -> Verdict:
    """No, and the sentence that says why."""
    return Verdict(False, reason)


class Refused(Exception):
    """An act that may not be done. `reason` is a sentence fit to show; `field` names the form field it is about."""

    def __init__(self, reason: Any, field: str = "") -> None:
        super().__init__(str(reason))
        self.reason = str(reason)
        self.field = field
