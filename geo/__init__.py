"""Pure geometry: shapes and numbers in, shapes and numbers out."""
