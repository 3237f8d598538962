"""The rules: plain values in, decisions out."""
