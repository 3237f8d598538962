"""What the product does: ask the store, decide by the domain, tell the store."""
