"""Typed readers of the environment. Everything missing or unsafe is listed at once, not one after the other."""

import os
from collections.abc import Mapping
from pathlib import Path


class Environment:
    """Reads values by name; collects what is missing, wrong or unsafe and says all of it in `check()`."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(os.environ if values is None else values)
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """The text under `name`; without a default its absence is a problem. An empty value counts as absent."""
        value = self._values.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.problems.append(f"{name} is missing")
            return ""
        return default

    def flag(self, name: str, *, default: bool) -> bool:
        """True or False; any other word is a problem, not a guess."""
        value = self._values.get(name, "")
        if value in {"True", "False"}:
            return value == "True"
        if value:
            self.problems.append(f"{name} must be True or False, not {value!r}")
        return default

    def number(self, name: str, default: int) -> int:
        """A whole number, zero or more."""
        value = self._values.get(name, "").strip()
        if not value:
            return default
        if not (value.isascii() and value.isdigit()):
            self.problems.append(f"{name} must be a whole number, not {value!r}")
            return default
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        """A list, written with commas between."""
        return [word.strip() for word in (self._values.get(name) or default).split(",") if word.strip()]

    def path(self, name: str, default: Path) -> Path:
        """A folder or file, made absolute."""
        return Path(self._values.get(name) or default).absolute()

    def insist(self, name: str, condition: object, problem: str) -> None:
        """Note that `name` has this problem unless the condition holds; one problem a name is enough to begin with."""
        if not condition and not any(known.startswith(f"{name} ") for known in self.problems):
            self.problems.append(f"{name} {problem}")

    def check(self) -> None:
        """Raise one error that lists every problem met so far."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise SystemExit(
                f"The environment does not fit:\n{lines}\nSee .env.example for every name and its meaning."
            )
