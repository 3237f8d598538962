"""The only place where PostGIS and SQLite differ about shapes: boxes, exact crossing, and GeoJSON text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a vector tile, and the question whose rows are its shapes; its columns are said of each."""

    name: str
    rows: Select[*tuple[Any, ...]]
    """Narrowed to the tile: by `meets` for lines, by their degrees for points."""
    shape: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Layers that are drawn together: by one question of PostGIS, or each by Shapely from our own WKB."""

    whole: Select[*tuple[Any, ...]] | None
    layers: tuple[tuple[str, Select[*tuple[Any, ...]]], ...] = ()


def drawing(dialect: str, layers: Sequence[Layer], *, flat: bool) -> Drawing:
    """Layers to be drawn by `draw`; `flat`: only for tiles that are, which need no projecting of every point."""
    if dialect != "postgresql":
        shapes = ((each, type_coerce(each.shape, Shape()).label("shape")) for each in layers)
        return Drawing(None, tuple((each.name, each.rows.add_columns(shape)) for each, shape in shapes))
    first, *others = (_encoded(each, flat=flat).scalar_subquery() for each in layers)
    whole: ColumnElement[Any] = first
    for each in others:
        whole = whole.op("||")(each)
    return Drawing(select(type_coerce(whole, LargeBinary())))


def _encoded(layer: Layer, *, flat: bool) -> Select[*tuple[Any, ...]]:
    # Fewer points first: to place one in the tile costs more than to see that nobody would miss it.
    plain = func.ST_Simplify(layer.shape, bindparam("step", type_=Float()), true())
    if flat:
        corners = (bindparam(f"own_{edge}", type_=Float()) for edge in _EDGES)
        placed, square = plain, func.ST_MakeEnvelope(*corners, 4326)
    else:
        placed = func.ST_Transform(plain, 3857)
        square = func.ST_TileEnvelope(*(bindparam(name, type_=Integer()) for name in ("z", "x", "y")))
    shape = func.ST_AsMVTGeom(placed, square, EXTENT, BUFFER, true()).label("shape")
    rows = layer.rows.add_columns(shape).subquery(layer.name)
    return select(func.ST_AsMVT(rows.table_valued(), layer.name, EXTENT, "shape", type_=LargeBinary()))


def draw(session: Session, drawing: Drawing, tile: Tile, values: dict[str, Any]) -> bytes:
    """The layers of a tile."""
    values = values | edges(tile.box())
    if drawing.whole is not None:
        own = {f"own_{edge}": value for edge, value in zip(_EDGES, tile.box(0), strict=True)}
        square = {"z": tile.z, "x": tile.x, "y": tile.y, "step": tile.least_deg}
        return bytes(session.execute(drawing.whole, values | own | square).scalar_one())
    return b"".join(_drawn(session, name, question, tile, values) for name, question in drawing.layers)


def _drawn(
    session: Session, name: str, question: Select[*tuple[Any, ...]], tile: Tile, values: dict[str, Any]
) -> bytes:
    shapes, known = [], []
    for row in session.execute(question, values):
        *said, shape = row
        shapes.append(shape)
        known.append(
            {name: str(one) if isinstance(one, UUID) else one for name, one in zip(row._fields, said, strict=False)}
        )
    return drawn(name, tile, shapes, known)
