"""Other people's formats, read and written without side effects."""
