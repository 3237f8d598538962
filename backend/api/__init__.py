"""JSON over HTTP, thin: shape in, service called, shape out."""
