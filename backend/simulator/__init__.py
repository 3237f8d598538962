"""Plays phones and people over HTTP; knows nothing of the house but geo."""
