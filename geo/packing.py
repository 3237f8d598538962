"""The compact form a track is stored in: whole units, differences, variable-length integers, deflated.

Layout: version byte, form byte (1 = deflated, 0 = plain where that is shorter), number of fixes and CRC-32 of
the plain body as big-endian 32-bit numbers, then the body: the columns lon, lat, time, accuracy one after the
other, each as zigzag varints.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from geo.fixes import LATEST_MS, Fixes

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]

_HEAD = struct.Struct(">BBII")
_VERSION = 1
_MOST_FIXES = 1_000_000
_LONGEST_VARINT = 10
_DEGREES = 1_000_000.0
_WORST_ACCURACY_M = 60_000
_COLUMNS = 4


def pack(fixes: Fixes) -> bytes:
    """Write fixes in order to 1e-6 degrees, 1 ms and 1 m of accuracy (unknown stays unknown, 0 stays 0)."""
    if fixes.count > _MOST_FIXES:
        raise ValueError("too many fixes for one track")
    degrees = np.rint(fixes.lonlat * _DEGREES).astype(np.int64)
    columns = (
        np.diff(degrees[:, 0], prepend=0),
        np.diff(degrees[:, 1], prepend=0),
        # Phones tick evenly, so the change of the step is smaller than the step.
        np.diff(np.diff(fixes.at_ms, prepend=0), prepend=0),
        np.diff(_accuracy_marks(fixes), prepend=0),
    )
    body = _varints(np.concatenate(columns))
    squeezed = zlib.compress(body, 6)
    form, stored = (1, squeezed) if len(squeezed) < len(body) else (0, body)
    return _HEAD.pack(_VERSION, form, fixes.count, zlib.crc32(body)) + stored


def unpack(packed: bytes) -> Fixes:
    """Read what `pack` wrote; anything else is a ValueError."""
    if len(packed) < _HEAD.size:
        raise ValueError("a packed track is cut short")
    version, form, count, check = _HEAD.unpack_from(packed)
    if version != _VERSION or form not in (0, 1) or count > _MOST_FIXES:
        raise ValueError("not a packed track of a known form")
    body = packed[_HEAD.size :]
    if form == 1:
        body = _inflated(body, count * _COLUMNS * _LONGEST_VARINT)
    if zlib.crc32(body) != check:
        raise ValueError("a packed track is damaged")
    columns = _whole_numbers(np.frombuffer(body, np.uint8), count * _COLUMNS).reshape(_COLUMNS, count)
    lonlat = np.cumsum(columns[:2], axis=1).T / _DEGREES
    at_ms = np.cumsum(np.cumsum(columns[2]))
    if np.any(np.abs(lonlat) > (180.0, 90.0)) or np.any((at_ms < 0) | (at_ms > LATEST_MS)):
        raise ValueError("a packed track holds impossible positions or times")
    return Fixes(lonlat, at_ms, _accuracies(np.cumsum(columns[3])))


def settled(fixes: Fixes) -> Fixes:
    """Round fixes exactly as storing them does, so that judging again later gives the same verdict."""
    lonlat = np.rint(fixes.lonlat * _DEGREES) / _DEGREES
    return Fixes(lonlat, fixes.at_ms.copy(), _accuracies(_accuracy_marks(fixes)))


def _accuracy_marks(fixes: Fixes) -> Whole:
    # 0 is unknown and 1 is exactly nought, the mark of a mocked position, which rounding must never make up.
    metres = np.clip(fixes.accuracy_m, 0.0, _WORST_ACCURACY_M)
    marks = np.where(metres > 0.0, np.maximum(np.rint(metres), 1.0) + 1.0, 1.0)
    return np.where(np.isnan(metres), 0.0, marks).astype(np.int64)


def _accuracies(marks: Whole) -> NDArray[np.float64]:
    return np.where(marks > 0, marks - 1.0, np.nan)


def _varints(numbers: Whole) -> bytes:
    zigzag = ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)
    longest = max(-(-int(zigzag.max(initial=0)).bit_length() // 7), 1)
    shifts = np.arange(longest, dtype=np.uint64) * np.uint64(7)
    pieces = zigzag[:, None] >> shifts
    used = pieces > 0
    used[:, 0] = True
    more = np.zeros_like(used)
    more[:, :-1] = used[:, 1:]
    octets = (pieces & np.uint64(0x7F)).astype(np.uint8) | (more.astype(np.uint8) << 7)
    return octets[used].tobytes()


def _whole_numbers(octets: Bytes, expected: int) -> Whole:
    ends = np.flatnonzero(octets < 0x80)
    if len(ends) != expected or (len(octets) and octets[-1] >= 0x80):
        raise ValueError("a packed track does not hold as many numbers as it says")
    starts = np.concatenate([[0], ends[:-1] + 1])[:expected]
    lengths = ends - starts + 1
    if np.any(lengths > _LONGEST_VARINT - 1):
        raise ValueError("a packed track holds a number that is too long")
    zigzag = np.zeros(expected, np.uint64)
    for place in range(int(lengths.max(initial=0))):
        holds = lengths > place
        piece = (octets[starts[holds] + place] & 0x7F).astype(np.uint64)
        zigzag[holds] |= piece << np.uint64(7 * place)
    return (zigzag >> np.uint64(1)).astype(np.int64) ^ -(zigzag & np.uint64(1)).astype(np.int64)


def _inflated(squeezed: bytes, most: int) -> bytes:
    # The bound keeps a forged body from filling the memory.
    machine = zlib.decompressobj()
    try:
        body = machine.decompress(squeezed, most + 1)
    except zlib.error as broken:
        raise ValueError("a packed track cannot be inflated") from broken
    if not machine.eof or machine.unused_data or len(body) > most:
        raise ValueError("a packed track is cut short or too long")
    return body
