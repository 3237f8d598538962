"""Evidence files: originals kept by digest, views re-encoded."""
