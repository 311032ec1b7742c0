"""The plain way: Schematron to XSLT, run by Saxon. What the compiled rules are measured against, for ever.

It also takes the patterns that the compiler does not cover. Importing this package loads nothing of Saxon.
"""
