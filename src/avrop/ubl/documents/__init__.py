"""The documents of a purchase as frozen dataclasses, read from and written to UBL."""
