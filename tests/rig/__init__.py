"""What the tests stand on: a private PostGIS and the databases cut from it."""
