"""Open orders of another system, taken over as sent so that their invoices match from the first day."""
