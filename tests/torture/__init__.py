"""What must hold when processes are killed, links fail and nonsense comes: few rounds in `test`, many in `torture`."""
