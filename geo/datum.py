"""Datums met on phones and maps in China; inside the system every position is WGS 84, longitude first.

The GCJ-02 and BD-09 formulas are the published ones (semi-major axis 6378245 m). The usual one-step
inverse is metres wrong, so ours is iterated down to far less than a millimetre.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_AXIS_M = 6378245.0
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_TURN = np.pi * 3000.0 / 180.0
_BAIDU_SHIFT = np.array([0.0065, 0.006])
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
# Each round leaves a fiftieth of the error, so eight turn a kilometre into nanometres.
_ROUNDS = 8
_FARTHEST_SHIFT_DEG = 0.05


class Crs(StrEnum):
    """The datum a position is given in; CGCS2000 and WGS 84 differ by centimetres and are taken as one."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


def to_wgs84(lonlat: ArrayLike, crs: Crs) -> Array:
    """Turn positions of a datum, an array (…, 2) in degrees, into WGS 84, correct to less than 1 mm.

    Positions outside China are not shifted by GCJ-02 and BD-09 and come back unchanged.
    """
    given = np.array(lonlat, dtype=np.float64)
    if crs in (Crs.WGS84, Crs.CGCS2000):
        return given
    # Far from China there is nothing to find, and the formulas run wild there.
    nearby = _in_china(given, margin_deg=_FARTHEST_SHIFT_DEG)
    target = given[nearby]
    found = target.copy()
    for _ in range(_ROUNDS):
        found += target - _shifted(found, crs)
    # Whether a shift applied is decided where the phone really was, as it was when the shift was made.
    given[nearby] = np.where(_in_china(found)[..., None], found, target)
    return given


def from_wgs84(lonlat: ArrayLike, crs: Crs) -> Array:
    """Turn WGS 84 positions, an array (…, 2) in degrees, into a datum; outside China they stay unchanged."""
    given = np.array(lonlat, dtype=np.float64)
    if crs in (Crs.WGS84, Crs.CGCS2000):
        return given
    inside = _in_china(given)
    given[inside] = _shifted(given[inside], crs)
    return given


def _shifted(lonlat: Array, crs: Crs) -> Array:
    gcj = lonlat + _gcj_shift(lonlat)
    return _baidu(gcj) if crs is Crs.BD09 else gcj


def _in_china(lonlat: Array, margin_deg: float = 0.0) -> NDArray[np.bool_]:
    lon, lat = lonlat[..., 0], lonlat[..., 1]
    inside = (lon >= _WEST - margin_deg) & (lon <= _EAST + margin_deg)
    inside &= (lat >= _SOUTH - margin_deg) & (lat <= _NORTH + margin_deg)
    return np.asarray(inside, dtype=np.bool_)


def _gcj_shift(lonlat: Array) -> Array:
    x, y = lonlat[..., 0] - 105.0, lonlat[..., 1] - 35.0
    root = np.sqrt(np.abs(x))
    shared = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
    east += _waves(x, (1.0, 20.0), (3.0, 40.0), (12.0, 150.0), (30.0, 300.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
    north += _waves(y, (1.0, 20.0), (3.0, 40.0), (12.0, 160.0), (30.0, 320.0))
    latitude = np.radians(lonlat[..., 1])
    squeeze = 1.0 - _ECCENTRICITY_2 * np.sin(latitude) ** 2
    parallel = _AXIS_M / np.sqrt(squeeze) * np.cos(latitude)
    meridian = _AXIS_M * (1.0 - _ECCENTRICITY_2) / squeeze**1.5
    shift: Array = np.stack([np.degrees(east / parallel), np.degrees(north / meridian)], axis=-1)
    return shift


def _waves(value: Array, *waves: tuple[float, float]) -> Array:
    total = np.zeros_like(value)
    for period, height in waves:
        total += height * np.sin(value * np.pi / period)
    waves_m: Array = total * 2.0 / 3.0
    return waves_m


def _baidu(gcj: Array) -> Array:
    x, y = gcj[..., 0], gcj[..., 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU_TURN)
    turned: Array = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1) + _BAIDU_SHIFT
    return turned
