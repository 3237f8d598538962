"""The only place where PostGIS and SQLite differ about shapes: boxes, exact crossing, and GeoJSON text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    LargeBinary,
    ScalarSelect,
    Select,
    String,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from backend.db import AnyRow, Shape
from backend.domain.terms import Level
from geo.tiles import BUFFER, EXTENT, Tile, drawn

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
_EDGES = ("west", "south", "east", "north")
_CHUNK = 500


class _ShapeText(TypeDecorator[str]):
    """GeoJSON text: made by PostGIS, or by Shapely from our own WKB."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> str | None:
        """Text stays text; bytes are a shape of ours."""
        if isinstance(value, bytes):
            return str(shapely.to_geojson(shapely.set_precision(shapely.from_wkb(value), 1e-6, mode="pointwise")))
        return value if value is None else str(value)


class geojson_of(FunctionElement[str]):  # noqa: N801 - it reads as a function of SQL
    """A shape column as GeoJSON text with six decimals."""

    type = _ShapeText()
    inherit_cache = True
    name = "geojson_of"


@compiles(geojson_of, "postgresql")
def _geojson_on_postgis(element: geojson_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"ST_AsGeoJSON({compiler.process(element.clauses, **options)}, 6)"


@compiles(geojson_of, "sqlite")
def _geojson_on_sqlite(element: geojson_of, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


def geojson_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """The same as a column of a question."""
    return geojson_of(column).label("geojson")


def edges(box: Box) -> dict[str, float]:
    """The values of a question that `meets` a box."""
    return dict(zip(_EDGES, box, strict=True))


def meets(dialect: str, table: Table) -> ColumnElement[bool]:
    """Rows whose own box meets a box, whose `edges` come later; by the GiST index, or by that of the box columns."""
    west, south, east, north = (bindparam(edge, type_=Float()) for edge in _EDGES)
    if dialect == "postgresql":
        return table.c.line.op("&&")(func.ST_MakeEnvelope(west, south, east, north, 4326))
    own = table.alias("boxed").c
    around = (own.west <= east, own.east >= west, own.south <= north, own.north >= south)
    strips = (and_(own.level == level, own.west >= west - _widest(table, level)) for level in Level)
    # A question of its own, or SQLite walks the whole table in the order that was asked for.
    return table.c.id.in_(select(own.id).where(*around, or_(*strips)))


def crosses(dialect: str, question: Select[*tuple[Any, ...]], table: Table) -> Select[*tuple[Any, ...]]:
    """An ordered question narrowed to the first lines that cross a box; `crossing` answers it."""
    inside = question.where(meets(dialect, table))
    if dialect == "postgresql":
        envelope = func.ST_MakeEnvelope(*(bindparam(edge, type_=Float()) for edge in _EDGES), 4326)
        return inside.where(func.ST_Intersects(table.c.line, envelope)).limit(bindparam("limit", type_=Integer()))
    return inside.add_columns(type_coerce(table.c.line, Shape("LINESTRING")).label("shape_to_check"))


def _widest(table: Table, level: Level) -> ScalarSelect[float]:
    """The width of the widest box of a level, read off an index: whatever meets a box begins no further west."""
    own = table.alias("widest").c
    return select(func.max(own.east - own.west)).where(own.level == level).scalar_subquery()


def crossing(session: Session, question: Select[*tuple[Any, ...]], values: dict[str, Any], box: Box) -> list[AnyRow]:
    """The first rows of a question made by `crosses`, at most `limit` of its values."""
    values, limit = values | edges(box), values["limit"]
    if session.get_bind().dialect.name == "postgresql":
        return list(session.execute(question, values).all())
    area = shapely.box(*box)
    found: list[AnyRow] = []
    for row in _streamed(session, question, values):
        if row.shape_to_check.intersects(area):
            found.append(row)
            if len(found) == limit:
                break
    return found


def _streamed(session: Session, question: Select[*tuple[Any, ...]], values: dict[str, Any]) -> Iterator[AnyRow]:
    yield from session.execute(question, values, execution_options={"yield_per": _CHUNK})


def drawable(
    dialect: str, question: Select[*tuple[Any, ...]], shape: ColumnElement[Any], layer: str
) -> Select[*tuple[Any, ...]]:
    """A question whose rows become a layer of a vector tile, which `drawing` answers; its columns are said of each.

    It is narrowed to the tile by who asks: by `meets` for lines, by their degrees for points.
    """
    if dialect != "postgresql":
        return question.add_columns(type_coerce(shape, Shape()).label("shape"))
    square = func.ST_TileEnvelope(*(bindparam(name, type_=Integer()) for name in ("z", "x", "y")))
    flat = func.ST_AsMVTGeom(func.ST_Transform(shape, 3857), square, EXTENT, BUFFER, true()).label("shape")
    rows = question.add_columns(flat).subquery(layer)
    return select(func.ST_AsMVT(rows.table_valued(), layer, EXTENT, "shape", type_=LargeBinary()))


def drawing(session: Session, question: Select[*tuple[Any, ...]], layer: str, tile: Tile) -> bytes:
    """A layer of a tile by a question made by `drawable`: drawn by PostGIS, or by Shapely from our own WKB."""
    values = edges(tile.box())
    if session.get_bind().dialect.name == "postgresql":
        return bytes(session.execute(question, values | {"z": tile.z, "x": tile.x, "y": tile.y}).scalar_one())
    shapes, known = [], []
    for row in session.execute(question, values):
        *said, shape = row
        shapes.append(shape)
        known.append(
            {name: str(one) if isinstance(one, UUID) else one for name, one in zip(row._fields, said, strict=False)}
        )
    return drawn(layer, tile, shapes, known)
