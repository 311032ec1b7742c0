"""Schematron to Python: `module.compile_schema` writes the text of a module, which `ruleset` runs."""
