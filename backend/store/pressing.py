"""Where flood hazards have half the time, as a condition that a database can ask of each row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, or_

from backend.domain.flood_days import Pressing
from backend.domain.responses import Response
from backend.store.regions import inside


def presses(pressing: Pressing, region: Any, river: Any) -> ColumnElement[bool]:
    """Whether it does for a row with these columns of its region and its river; the same as `Pressing.holds`."""
    whens = [(_under(each, region, river), literal(True)) for each in pressing.responses]
    whens += [(inside(region, prefix), literal(is_open)) for prefix, is_open in pressing.windows]
    return case(*whens, else_=literal(pressing.usually)) if whens else literal(pressing.usually)


def _under(response: Response, region: Any, river: Any) -> ColumnElement[bool]:
    where = or_(*(inside(region, prefix) for prefix in response.regions))
    return and_(where, river.in_(response.rivers)) if response.rivers else where
