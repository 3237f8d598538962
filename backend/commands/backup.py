"""`hezhang backup` and `hezhang restore`: everything in one file, the keys in another."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from backend.clock import utcnow
from backend.commands import keys as keys_of_house
from backend.config import Settings
from backend.db import Database
from backend.files.store import PhotoStore
from backend.formats.archive import NotABackup
from backend.services import backup as service
from backend.services.backup import CannotRestore, Kept
from backend.words import aloud


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--keys", type=click.Path(dir_okay=False, path_type=Path), help="Copy the key file here, apart.")
def backup(file: Path, keys: Path | None) -> None:
    """Write everything as of this moment to FILE, while the house goes on working."""
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    photos, keyring = PhotoStore.open(settings.photos_url), keys_of_house.present(settings)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(aloud("backup.busy"), total=None)
        kept = service.write(
            database, photos, keyring, file, now=utcnow(), tick=lambda name: progress.update(task, description=name)
        )
    database.close()
    if keys is not None:
        keys.touch(0o600)
        keys.chmod(0o600)  # before anything is in it
        shutil.copyfile(settings.keys_file, keys)
    click.echo(aloud("backup.done", file=file, rows=sum(kept.rows.values()), photos=kept.photos))
    _refuse_silence(kept, "backup.lacking")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Delete what is in the database first.")
def restore(file: Path, replace: bool) -> None:
    """Put everything back from FILE, all or nothing; a damaged file is refused before anything is touched."""
    settings = Settings.from_env()
    database = Database.connect(settings.database_url)
    photos, keyring = PhotoStore.open(settings.photos_url), keys_of_house.present(settings)
    try:
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task(aloud("backup.restoring"), total=None)
            kept = service.restore(
                database,
                photos,
                keyring,
                file,
                replace=replace,
                keep_photo=_keep_photo,
                tick=lambda name: progress.update(task, description=name),
            )
    except NotABackup as wrong:
        key = "backup.malformed" if wrong.where else "backup.damaged"
        raise click.ClickException(aloud(key, file=file, where=wrong.where)) from None
    except CannotRestore as wrong:
        raise click.ClickException(aloud(f"backup.refused.{wrong.why}")) from None
    finally:
        database.close()
    _begin_ledger_anew(settings)
    click.echo(aloud("backup.restored", rows=sum(kept.rows.values()), photos=kept.photos))
    _refuse_silence(kept, "backup.restored_lacking")


def _begin_ledger_anew(settings: Settings) -> None:
    """Seals made after the backup are of a life that is over: their file is kept, and a new one is begun."""
    if settings.seals_file.exists():
        ended = utcnow().strftime("%Y%m%dT%H%M%SZ")
        settings.seals_file.rename(settings.seals_file.with_name(f"{settings.seals_file.stem}-until-{ended}.jsonl"))


def _refuse_silence(kept: Kept, key: str) -> None:
    """A missing piece of evidence is named, and the command fails, so that whatever started it raises an alarm."""
    if kept.missing:
        raise click.ClickException("\n".join([aloud(key), *kept.missing]))


def _keep_photo(photos: PhotoStore, sha256: bytes, original: bytes) -> None:
    """Keep the original under its digest; its views are made again when somebody looks."""
    with photos.receiving(io.BytesIO(original).read, len(original)) as incoming:
        assert incoming.sha256 == sha256
        photos.keep(incoming, {})


COMMANDS = [backup, restore]
