"""Metres on the ground: a local plane per river, distances, lengths and search boxes on WGS 84."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

Array = NDArray[np.float64]

_GEOD = Geod(ellps="WGS84")
_AXIS_M = 6378137.0
_ECCENTRICITY_2 = 0.0066943799901413165
_LEAST_RADIUS_M = 6335439.0
# Up to here the mid-latitude formula agrees with the geodesic to a millimetre, at a tenth of its cost.
_SHORT_M = 2000.0
_POLAR_DEG = 80.0
_AWAY_M = 1e7


@dataclass(frozen=True)
class Plane:
    """A transverse Mercator plane in metres about a place; lengths are true to 1e-6 within 9 km of it."""

    lon: float
    lat: float

    @classmethod
    def around(cls, shape: BaseGeometry) -> "Plane":
        """Choose the plane for a shape in degrees, shared with its neighbours; empty is a ValueError."""
        if shape.is_empty:
            raise ValueError("an empty shape has no place on the ground")
        west, south, east, north = shape.bounds
        return cls(round((west + east) / 2.0, 1), round((south + north) / 2.0, 1))

    def metres(self, lonlat: ArrayLike) -> Array:
        """Turn degrees (n, 2) into plane metres (n, 2); the far side of the earth is just far away."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        x, y = _projection(self.lon, self.lat).transform(points[:, 0], points[:, 1])
        # The plane ends a quarter of the earth away, and infinity cannot be reckoned with.
        xy = np.column_stack([x, y])
        xy[~np.isfinite(xy).all(axis=1)] = _AWAY_M
        return xy

    def degrees(self, xy: ArrayLike) -> Array:
        """Turn plane metres (n, 2) back into degrees (n, 2)."""
        points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        lon, lat = _projection(self.lon, self.lat).transform(points[:, 0], points[:, 1], direction="INVERSE")
        return np.column_stack([lon, lat])

    def shape_in_metres(self, shape: BaseGeometry) -> BaseGeometry:
        """Turn a shape in degrees into the same shape in plane metres."""
        moved: BaseGeometry = shapely.transform(shape, self.metres)
        return moved


@lru_cache(maxsize=256)
def _projection(lon: float, lat: float) -> Transformer:
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=tmerc +lon_0={lon} +lat_0={lat} +k=1 +ellps=WGS84"
    )


def distances_m(a: ArrayLike, b: ArrayLike) -> Array:
    """Measure pairwise ground distances in metres between positions (n, 2) and (n, 2) in degrees."""
    first = np.asarray(a, dtype=np.float64).reshape(-1, 2)
    second = np.asarray(b, dtype=np.float64).reshape(-1, 2)
    east_deg = (second[:, 0] - first[:, 0] + 180.0) % 360.0 - 180.0
    mid_lat = (first[:, 1] + second[:, 1]) / 2.0
    latitude = np.radians(mid_lat)
    squeeze = 1.0 - _ECCENTRICITY_2 * np.sin(latitude) ** 2
    east_m = _AXIS_M / np.sqrt(squeeze) * np.cos(latitude) * np.radians(east_deg)
    north_m = _AXIS_M * (1.0 - _ECCENTRICITY_2) / squeeze**1.5 * np.radians(second[:, 1] - first[:, 1])
    metres = np.hypot(east_m, north_m * np.cos(np.radians(east_deg) / 2.0))
    far = ~((metres < _SHORT_M) & (np.abs(mid_lat) < _POLAR_DEG))
    if far.any():
        metres[far] = _GEOD.inv(first[far, 0], first[far, 1], second[far, 0], second[far, 1])[2]
    return metres


def length_m(line: BaseGeometry) -> float:
    """Measure the ground length in metres of a line or all parts of a multi-line; other shapes: 0."""
    total = 0.0
    for part in shapely.get_parts(line):
        if shapely.get_type_id(part) in (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING):
            places = shapely.get_coordinates(part)
            total += float(distances_m(places[:-1], places[1:]).sum())
    return total


def box_around(lon: float, lat: float, within_m: float) -> tuple[float, float, float, float]:
    """Give a box (west, south, east, north) in degrees holding every place within that many metres.

    The box may be a little too large, never too small; over a pole or the date line it spans all longitudes.
    """
    # Geodetic against spherical latitude differ by up to 0.2 degrees: a slack of 1 % covers the ellipsoid.
    angle = 1.01 * within_m / _LEAST_RADIUS_M
    south, north = lat - np.degrees(angle), lat + np.degrees(angle)
    if south <= -90.0 or north >= 90.0:
        return -180.0, max(float(south), -90.0), 180.0, min(float(north), 90.0)
    half = float(np.degrees(np.arcsin(min(1.0, np.sin(angle) / np.cos(np.radians(lat))))))
    if lon - half < -180.0 or lon + half > 180.0:
        return -180.0, float(south), 180.0, float(north)
    return lon - half, float(south), lon + half, float(north)
