"""The shared table of walks and verdicts: readable recipes, and how it is written and read."""
