"""Documents made from a seed, as wide as the tables: every field of every dataclass that a type may carry.

`maker` walks a document's table (shape.Shape) and fills it; `values` says with what; the files beside it say, a
family of documents each, what belongs together. Nothing here knows the verdict: the official rules are asked.
"""
