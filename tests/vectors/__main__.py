"""Writes the table: `python -m tests.vectors`; nothing where the judge and a hand-written expectation differ."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from tests.geo.scenes import MORNING_MS
from tests.vectors.cases import Case
from tests.vectors.every import CASES
from tests.vectors.scenes import REACHES, RULES
from tests.vectors.table import TABLE, judged, packed, shown

NEAR_ENOUGH_M = 15.0


def asked_of(case: Case) -> dict[str, Any]:
    """What is asked about it, in the words of the phone's `forecast`."""
    times = sorted(row[2] for row in case.rows) or [MORNING_MS]
    ended_ms = round(times[-1] + case.ends_min * 60_000)
    return {
        "fixes": case.rows,
        "reach": REACHES[case.reach],
        "rule": RULES[case.rule],
        "level": case.level,
        "isAssigned": case.is_assigned,
        "startedAt": round(times[0] + case.begins_min * 60_000),
        "endedAt": ended_ms,
        "now": round(ended_ms + case.sent_min * 60_000),
    }


def disagreement(case: Case, found: dict[str, Any]) -> str:
    """In what the judge and the hand-written expectation differ; nothing when they agree."""
    codes = tuple(each["code"] for each in found["reasons"])
    if (codes, found["outcome"]) == (case.codes, case.outcome) and abs(
        found["length_m"] - case.metres
    ) <= NEAR_ENOUGH_M:
        return ""
    return f"{case.name}: expected {case.outcome} {case.codes} {case.metres}, found {found}"


def written(case: Case, asked: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The vector of a case."""
    names = {"fixes": packed(case.rows), "reach": case.reach, "rule": case.rule}
    return {"name": case.name, "asked": asked | names, "expected": found}


def main() -> int:
    """Judge every case and write the table; else say what is not as it was expected."""
    asked = [asked_of(case) for case in CASES]
    found = [shown(judged(each)) for each in asked]
    wrong = [each for each in map(disagreement, CASES, found) if each]
    if wrong:
        sys.stderr.write("\n".join(wrong) + "\n")
        return 1
    vectors = map(written, CASES, asked, found)
    TABLE.write_text(laid_out({"reaches": REACHES, "rules": RULES}, vectors), "utf-8")
    return 0


def laid_out(named: dict[str, dict[str, Any]], vectors: Iterable[dict[str, Any]]) -> str:
    """One line for each thing, so that a change of the table can be read."""
    parts = [
        f'"{name}": {{\n' + ",\n".join(f'"{key}": {_line(each)}' for key, each in things.items()) + "\n}"
        for name, things in named.items()
    ]
    parts.append('"vectors": [\n' + ",\n".join(map(_line, vectors)) + "\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(thing: dict[str, Any]) -> str:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
