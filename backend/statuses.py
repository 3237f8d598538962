"""Problem class → status of HTTP, the only table: for the API and for pages alike."""

from __future__ import annotations

from backend.errors import (
    BadInput,
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    NotReadable,
    Problem,
    Stale,
    StorageFull,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
    VersionNeeded,
)

STATUS: dict[type[Problem], int] = {
    NotReadable: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    Stale: 412,
    TooLarge: 413,
    UnsupportedMedia: 415,
    BadInput: 422,
    VersionNeeded: 428,
    TooMany: 429,
    Unavailable: 503,
    StorageFull: 507,
}
