"""XPath 2.0 as Schematron rule sets use it: text to a tree of what was said."""
