"""Avrop: from need to paid invoice for public buyers, and the platform between buyers and suppliers."""

__version__ = "0.1.0"
