"""The seller's pages: what is new, orders and their changes, invoices, credit notes and their fate."""
