"""One right client per language, and its oddities; what each is due stands in `right.py`."""
