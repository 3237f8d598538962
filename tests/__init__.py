"""Tests: each a sentence about the house, on both databases."""
