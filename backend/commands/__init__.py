"""The commands of the hezhang program, one file per noun."""
