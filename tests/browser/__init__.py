"""The pages of the console in a real browser, as four people see them."""
