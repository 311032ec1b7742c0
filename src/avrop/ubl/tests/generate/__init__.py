"""Documents made from a seed, as wide as the tables: every field of every dataclass that a type may carry.

`maker` walks a document's table (shape.Shape) and fills it; `values` says with what; the files beside it say, a
family of documents each, what belongs together. Nothing here knows the verdict: the official rules are asked.

What a new release of rules changes shows in test_write_many.py: a field that is newly allowed as a line of
`not_carried.csv` whose rule no longer hits, one that is newly forbidden or wanted as a finding. A new field in a
document's table is made at once, with a value of its kind, and judged.
"""
