"""The clockwork: when to call which service."""
