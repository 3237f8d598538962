"""Reaching people: one module per way out, all of them alike from the outside."""
