"""How a copy is called: the numbers of its round, and in each number the generation it belongs to."""

import re
from random import Random

from applications.identifiers import check_character
from records.papers import ALPHABET

ROUNDS = 2
OPEN, EARLIER = 99, 98  # the numbers of the benchmark's rounds: by them every copied file, packet and paper can be told
MOST = 900  # generations: a reference has five digits, three for the generation and two for the file
PACKETS_A_GENERATION = 5


class Names:
    """Gives the numbers of the pattern's rounds those of the benchmark's, in any text."""

    def __init__(self, call: int) -> None:
        self.rounds = {str(call): str(OPEN), str(call - 1): str(EARLIER)}
        either = "|".join(self.rounds)
        self._reference = re.compile(rf"\b(M1K|R)-({either})-([A-Z]{{3}})-000(\d\d)\b")
        self._serial = re.compile(rf"\b(SL|SLAC|REL)-({either})-((?:[A-Z]{{3}}-)?)(\d\d)\b")
        self._letter = re.compile(rf"\bLT-({either})-")
        self._key = re.compile(r"^((?:applications|evaluation)\.[a-z]+):(\d+)$")

    def renamed(self, text: str, generation: int) -> str:
        """The text with every number in it that of the copy."""
        text = self._reference.sub(lambda m: f"{m[1]}-{self.rounds[m[2]]}-{m[3]}-{generation:03}{m[4]}", text)
        text = self._serial.sub(lambda m: f"{m[1]}-{self.rounds[m[2]]}-{m[3]}{serial(int(m[4]), generation):02}", text)
        return self._letter.sub(lambda m: f"LT-{self.rounds[m[1]]}-", text)

    def subject(self, text: str, generation: int, stride: int) -> str:
        """What a line of the trail is about, for the copy; the same text where it is about nothing copied."""
        shifted = self._key.sub(lambda m: f"{m[1]}:{int(m[2]) + generation * stride}", text)
        return self.renamed(shifted, generation)

    def paper(self, number: str, generation: int, rng: Random) -> str:
        """The number of a copied paper: its six last characters are drawn anew."""
        drawn = "".join(rng.choice(ALPHABET) for _ in range(6))
        return f"{self.renamed(number, generation).rpartition('-')[0]}-{drawn}"


def serial(number: int, generation: int) -> int:
    """The serial of a copied packet or meeting."""
    return number + generation * PACKETS_A_GENERATION


def udyam(number: str, key: int, generation: int) -> str:
    """The Udyam number of a copy; `key` is that of the first pattern that states the number, so that rivals stay rivals."""
    return f"{number[:12]}{generation:03}{key % 10_000:04}" if number else ""


def pan(number: str, generation: int) -> str:
    """Another PAN of the same form."""
    return f"{number[:5]}{(int(number[5:9]) + generation) % 10_000:04}{number[9:]}" if number else ""


def gstin(number: str, generation: int) -> str:
    """The GSTIN over that PAN, with its own check character."""
    first = f"{number[:2]}{pan(number[2:12], generation)}{number[12:14]}"
    return first + check_character(first) if number else ""


def mobile(number: str, generation: int) -> str:
    """Another mobile number."""
    return f"{number[:5]}{(int(number[5:]) + generation) % 100_000:05}" if number else ""
