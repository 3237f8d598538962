"""What the doors promise, told from outside."""
