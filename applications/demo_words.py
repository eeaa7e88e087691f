"""Invented enterprises, people and plans of the demonstration. No name is meant to be anybody's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """What an enterprise does: a word for its name in both languages, products, an NIC code and its text."""

    sector: str
    name_en: str
    name_ml: str
    products: str
    nic: str
    activity: str


TRADES = (
    Trade("manufacturing", "Coir Works", "കയർ വർക്സ്", "Coir mats and geotextiles", "13929", "Made-up textile articles"),
    Trade("manufacturing", "Spices", "സ്പൈസസ്", "Ground spices and spice oils", "10795", "Grinding and processing of spices"),
    Trade("manufacturing", "Foods", "ഫുഡ്സ്", "Banana chips and ready mixes", "10799", "Other food products"),
    Trade("manufacturing", "Rubber Products", "റബർ പ്രൊഡക്ട്സ്", "Moulded rubber parts", "22199", "Other rubber products"),
    Trade("manufacturing", "Handlooms", "കൈത്തറി", "Handloom sarees and dhotis", "13121", "Weaving of cotton"),
    Trade("manufacturing", "Seafoods", "സീഫുഡ്സ്", "Frozen shrimp and fillets", "10204", "Processing of frozen fish"),
    Trade("manufacturing", "Ayurveda", "ആയുർവേദ", "Ayurvedic medicines", "21003", "Ayurvedic preparations"),
    Trade("manufacturing", "Engineering", "എൻജിനീയറിങ്", "Machined parts and fixtures", "25920", "Machining of metal"),
    Trade("manufacturing", "Furniture", "ഫർണിച്ചർ", "Wooden furniture", "31001", "Furniture of wood"),
    Trade("manufacturing", "Packaging", "പാക്കേജിങ്", "Corrugated boxes", "17022", "Corrugated paper containers"),
    Trade("service", "Software", "സോഫ്റ്റ് വെയർ", "Software for clinics and shops", "62011", "Writing of software"),
    Trade("service", "Diagnostics", "ഡയഗ്നോസ്റ്റിക്സ്", "Laboratory tests", "86905", "Diagnostic laboratories"),
    Trade("service", "Cold Chain", "കോൾഡ് ചെയിൻ", "Cold storage and transport", "52101", "Refrigerated warehousing"),
    Trade("service", "Printing", "പ്രിന്റിങ്", "Labels and commercial printing", "18112", "Printing by offset"),
)  # fmt: skip
SHOP = Trade("trade", "Traders", "ട്രേഡേഴ്സ്", "Building materials", "46639", "Wholesale of construction materials")
PLACES = (
    ("Kayal", "കായൽ"), ("Malabar", "മലബാർ"), ("Periyar", "പെരിയാർ"), ("Nila", "നിള"), ("Pamba", "പമ്പ"), ("Sahya", "സഹ്യ"),
    ("Vembanad", "വേമ്പനാട്"), ("Chaliyar", "ചാലിയാർ"), ("Surabhi", "സുരഭി"), ("Nanma", "നന്മ"), ("Tharangam", "തരംഗം"),
    ("Kanikkonna", "കണിക്കൊന്ന"), ("Ponnani Coast", "പൊന്നാനി തീരം"), ("Meenachil", "മീനച്ചിൽ"), ("Aruvi", "അരുവി"),
    ("Puthuma", "പുതുമ"), ("Kaveri", "കാവേരി"), ("Udayam", "ഉദയം"), ("Theeram", "തീരം"), ("Ilanji", "ഇലഞ്ഞി"),
)  # fmt: skip
WOMEN = (
    "Anitha Vasudevan", "Bindu Kuriakose", "Chithra Raveendran", "Fousiya Salim", "Geetha Sivadas", "Jaseela Kabeer", "Latha Prabhakaran",
    "Mini Sebastian", "Preetha Unnikrishnan", "Remya Haridas", "Sheeba Devassy", "Thankamani Kesavan",
)  # fmt: skip
MEN = (
    "Abdul Rasheed", "Baiju Narayanan", "Chandran Kuttappan", "Dileep Sreedharan", "George Chacko", "Hameed Moideen", "Jayan Velayudhan",
    "Mathew Zachariah", "Nandakumar Pisharody", "Rajeevan Kannoth", "Sunny Lonappan", "Unni Damodaran",
)  # fmt: skip
PLANS = {
    "en": (
        ("A second production line for the orders that go elsewhere today, with two quotations in hand.", "Buyers in Bengaluru and Chennai; one export enquiry."),
        ("A larger shed and machines that halve the time of one batch.", "Retail chains in Kerala, under our own name."),
        ("A second unit near the highway, a laboratory of our own, and a quality mark.", "Institutions and public tenders in the southern States."),
    ),
    "ml": (
        ("രണ്ടാമത്തെ ഉത്പാദന നിര; ഇപ്പോൾ പുറത്തേക്ക് പോകുന്ന ഓർഡറുകൾ ഇവിടെ ചെയ്യാം.", "ബെംഗളൂരുവിലും ചെന്നൈയിലും ഉള്ള വാങ്ങുന്നവർ."),
        ("വലിയ ഷെഡും പുതിയ യന്ത്രങ്ങളും; ഒരു ബാച്ചിന്റെ സമയം പകുതിയാകും.", "കേരളത്തിലെ ചില്ലറ വിൽപന ശൃംഖലകൾ, സ്വന്തം പേരിൽ."),
        ("ദേശീയപാതയ്ക്ക് സമീപം രണ്ടാമത്തെ യൂണിറ്റ്, സ്വന്തം ലാബ്, ഗുണമേന്മാ മുദ്ര.", "തെക്കൻ സംസ്ഥാനങ്ങളിലെ സ്ഥാപനങ്ങളും പൊതു ടെൻഡറുകളും."),
    ),
}  # fmt: skip
TECHNOLOGY = (
    "",
    "Automatic packing with weight control.",
    "A CNC cell and design software.",
    "Solar drying with moisture control.",
)
LICENCES = "Pollution Control Board consent, K-SWIFT acknowledgement, panchayat licence."
STREETS = (
    "Market Road",
    "Temple Road",
    "Church Junction",
    "Mosque Road",
    "Industrial Estate",
    "Canal Road",
    "Station Road",
    "Hill Road",
)
