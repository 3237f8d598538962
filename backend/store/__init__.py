"""All SQL, one file per noun; every function takes the session first."""
