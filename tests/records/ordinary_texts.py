"""Texts people write in a form about an enterprise, with the numbers that stand in such texts; and the same with an Aadhaar."""

from collections.abc import Iterator
from random import Random

from stdnum import verhoeff


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _place in range(count))


def in_fours(number: str, gap: str = " ") -> str:
    return gap.join(number[at : at + 4] for at in range(0, len(number), 4))


def year(rng: Random) -> int:
    return rng.randint(1990, 2035)


WAYS = (
    lambda rng: f"Sales in {year(rng)} {year(rng)} {year(rng)} grew each year.",
    lambda rng: f"Balance sheets of {year(rng)}-{year(rng)} {year(rng)}-{year(rng)} are enclosed.",
    lambda rng: f"Call the owner at +91{rng.choice('6789')}{digits(rng, 9)} after ten.",
    lambda rng: f"Mobile 91{rng.choice('6789')}{digits(rng, 9)}, or by mail.",
    lambda rng: f"e-way bill {digits(rng, 12)} of the last dispatch",
    lambda rng: f"Paid by UPI {digits(rng, 12)} on 12-03-2026",
    lambda rng: f"UPI reference number: {digits(rng, 12)}",
    lambda rng: f"Account {in_fours(digits(rng, 16))} with the branch at Aluva",
    lambda rng: f"A/c no. {in_fours(digits(rng, 12))}",
    lambda rng: f"Loan account {digits(rng, 12)} is regular.",
    lambda rng: f"Invoice {digits(rng, 12)} for the second machine",
    lambda rng: f"Card {in_fours(digits(rng, 16), '-')} was used",
    lambda rng: (
        f"Turnover of {rng.randint(1, 99)},{digits(rng, 2)},{digits(rng, 2)},000 against {digits(rng, 8)} before"
    ),
    lambda rng: f"{rng.randint(2, 90)} persons work in two shifts; the unit stands on {digits(rng, 3)} cents.",
    lambda _rng: "ഉത്പാദനം രണ്ട് ഷിഫ്റ്റിലാണ്; പുതിയ യന്ത്രം വാങ്ങും.",
    lambda rng: f"ഇ-വേ ബിൽ {digits(rng, 12)}",
)
NAMES = ("My number is {}.", "{}", "Aadhaar {}", "Proprietor, {}, of Kochi", "ഉടമയുടെ ആധാർ നമ്പർ {}")


def make(count: int, *, seed: int) -> Iterator[str]:
    """Ordinary texts, each way as often as the others."""
    rng = Random(seed)
    for number in range(count):
        yield WAYS[number % len(WAYS)](rng)


def with_aadhaar(count: int, *, seed: int) -> Iterator[str]:
    """Texts with a number of the form of an Aadhaar, its check digit right; nobody's."""
    rng = Random(seed)
    for number in range(count):
        stem = rng.choice("2345678") + digits(rng, 10)  # 9: may begin as a mobile number with its country does
        whole = stem + verhoeff.calc_check_digit(stem)
        if whole == whole[::-1]:
            continue  # no Aadhaar reads the same backwards
        written = (whole, in_fours(whole), in_fours(whole, "-"))[number % 3]
        yield NAMES[number % len(NAMES)].format(written)
