"""GeoJSON from outside, checked before anything is built from it, and GeoJSON for outside."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.shapes import ALL_KINDS, STANDARD, Bounds, Budget, GeometryRefused, geometry, listed, member

__all__ = ["ALL_KINDS", "Bounds", "Feature", "GeometryRefused", "read", "read_each", "read_geometry", "write"]


@dataclass(frozen=True)
class Feature:
    """A checked geometry in the document's own coordinates, its properties, its id, and where it stood."""

    geometry: BaseGeometry
    properties: dict[str, Any] = field(default_factory=dict)
    id: str | int | None = None
    pointer: str = ""


def read(document: bytes | str | Mapping[str, Any], bounds: Bounds = STANDARD) -> list[Feature]:
    """Read a feature collection, feature or bare geometry; GeometryRefused names the first wrong place."""
    tree = document if isinstance(document, Mapping) else _parsed(document, bounds)
    budget = Budget(bounds)
    return [_feature(feature, pointer, budget) for feature, pointer in _features(tree, bounds)]


def read_each(
    document: bytes | str | Mapping[str, Any], bounds: Bounds = STANDARD
) -> Iterator[tuple[dict[str, Any], BaseGeometry | GeometryRefused]]:
    """Properties and shape of each feature, or why it has none: one that is wrong does not hide the others.

    GeometryRefused when the document as a whole is none. NaN is taken where it harms nothing, among the properties.
    """
    tree = document if isinstance(document, Mapping) else _parsed(document, bounds, float)
    budget = Budget(bounds)
    for feature, pointer in _features(tree, bounds):
        properties = feature.get("properties") if isinstance(feature, Mapping) else None
        try:
            shape: BaseGeometry | GeometryRefused = _feature(feature, pointer, budget).geometry
        except GeometryRefused as refused:
            shape = refused
        yield dict(properties) if isinstance(properties, Mapping) else {}, shape


def read_geometry(tree: object, pointer: str = "", bounds: Bounds = STANDARD) -> BaseGeometry:
    """Build one geometry from parsed JSON; `pointer` says where it stood in the document it came in."""
    return geometry(tree, pointer, Budget(bounds))


def write(shape: BaseGeometry) -> dict[str, Any]:
    """Write a shape as a GeoJSON geometry with 6 decimals (about 0.1 m)."""
    rounded = shapely.transform(shape, lambda places: np.round(places, 6) + 0.0)
    written: dict[str, Any] = shapely.geometry.mapping(rounded)
    return written


def _features(tree: object, bounds: Bounds) -> list[tuple[object, str]]:
    """The features of a collection, each with its place; or the one thing that the document is."""
    if member(tree, "type", "") != "FeatureCollection":
        return [(tree, "")]
    features = listed(member(tree, "features", ""), "/features")
    if len(features) > bounds.most_features:
        raise GeometryRefused("/features", "too_many_features", most=bounds.most_features)
    return [(feature, f"/features/{number}") for number, feature in enumerate(features)]


def _no_constant(name: str) -> object:
    raise GeometryRefused("", "not_finite", value=name)


def _parsed(document: bytes | str, bounds: Bounds, constant: Callable[[str], object] = _no_constant) -> object:
    if len(document) > bounds.most_bytes:
        raise GeometryRefused("", "too_large", most=bounds.most_bytes)
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
        return json.loads(text, parse_constant=constant)
    except RecursionError:
        raise GeometryRefused("", "too_deep") from None
    except GeometryRefused:
        raise
    except ValueError as broken:
        raise GeometryRefused("", "not_json", detail=str(broken)[:200]) from None


def _feature(tree: object, pointer: str, budget: Budget) -> Feature:
    if member(tree, "type", pointer) != "Feature":
        return Feature(geometry(tree, pointer, budget), pointer=pointer)
    shape = geometry(member(tree, "geometry", pointer), f"{pointer}/geometry", budget)
    assert isinstance(tree, Mapping)
    properties = tree.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise GeometryRefused(f"{pointer}/properties", "not_an_object")
    name = tree.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        raise GeometryRefused(f"{pointer}/id", "not_an_id")
    return Feature(shape, dict(properties), name, pointer)
