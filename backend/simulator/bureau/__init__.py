"""What offices, the law and citizens do while the chiefs walk."""
