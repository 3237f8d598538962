"""Where a measurement is played: a private PostGIS and a folder, gone at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.rig import postgres
from tests.rig.databases import PostgisDatabases


@contextmanager
def postgis(*, durable: bool = True) -> Iterator[tuple[PostgisDatabases, Path]]:
    """Databases that really write to the disk unless told otherwise, and a home for a house."""
    source = PostgisDatabases(postgres.PrivateServer(durable=durable))
    with closing(source), tempfile.TemporaryDirectory() as folder:
        yield source, Path(folder)
