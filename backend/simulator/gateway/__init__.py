"""A farm of providers on loopback that behave as badly as a script says: text messages, calls, robots, mail."""
