"""Plain Python under everything: money, quantities, identifiers, findings, ports. No Django, no I/O."""
