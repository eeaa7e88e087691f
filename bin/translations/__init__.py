"""What bin/messages and bin/check-translations share: catalogues, the texts of the source, the rules of the Malayalam.

All of it is Python: no gettext program is needed, neither to collect the texts nor to compile them.
English needs no catalogue: the English text, singular and plural, stands in the source.
"""
