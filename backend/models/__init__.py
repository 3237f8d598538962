"""Tables: columns, keys and constraints; nothing else."""
