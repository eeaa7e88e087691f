"""The priority sectors of Kerala's Industrial Policy 2023, and which NIC codes an enterprise of each usually bears.

The policy names 22 sectors and no codes: the codes here are the portal's default, to be confirmed by the Department.
They filter a list and give nobody a mark. Sectors no code stands for (3D printing, graphene, design) are not found this way.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# key: name, beginnings of NIC 2008 codes
SECTORS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "aerospace": (_("Aerospace and defence"), ("303", "304", "254")),
    "ayurveda": (_("Ayurveda"), ("21003", "86901")),
    "biotechnology": (_("Biotechnology and life sciences"), ("7211", "72100")),
    "electric_vehicles": (_("Electric vehicles"), ("29102", "3091", "30911")),
    "electronics": (_("Electronics system design and manufacturing"), ("261", "262", "263", "264")),
    "engineering_research": (_("Engineering research and development"), ("7110", "72101")),
    "food": (_("Food technologies"), ("10", "11")),
    "rubber": (_("High value-added rubber"), ("221",)),
    "farming": (_("High-tech farming and value-added plantation"), ("0119", "0127", "0128", "016")),
    "logistics": (_("Logistics and packaging"), ("1702", "2220", "52", "8292")),
    "maritime": (_("Maritime"), ("301", "50")),
    "medical": (_("Medical equipment"), ("3250", "266")),
    "pharmaceuticals": (_("Pharmaceuticals"), ("2100",)),
    "recycling": (_("Recycling and waste management"), ("38", "39")),
    "energy": (_("Renewable energy"), ("35105", "35106", "35109", "2790")),
    "tourism": (_("Tourism and hospitality"), ("55", "56", "79")),
    "technology": (_("Artificial intelligence, robotics and other new technologies"), ("6201", "2829")),
}


def sector_of(codes: Iterable[str]) -> str:
    """Key of the first sector one of the NIC codes falls under, the longest beginning first; empty for none."""
    for code in codes:
        fits = [
            (len(start), key) for key, (_name, starts) in SECTORS.items() for start in starts if code.startswith(start)
        ]
        if fits:
            return max(fits)[1]
    return ""
