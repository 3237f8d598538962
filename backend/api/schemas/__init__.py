"""Marshmallow schemas, one file per noun: shape only, never a rule."""
