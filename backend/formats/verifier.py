#!/usr/bin/env python3
"""Check an evidence package of a hazard (河湖问题证据包): nothing in it was altered, left out or added.

Needs Python 3.8 and nothing else. In the unpacked folder, or beside the zip:

    python3 verify.py [PACKAGE.zip | FOLDER] [--seals SEALS.jsonl]

`--seals` names the seals that the river chief office has handed out; with them the package is checked against what
was known outside the house at that time. Exit code 0: everything adds up; 1: the first thing that does not is named.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

LEAF, NODE = b"\x00", b"\x01"


class Wrong(Exception):
    """Something does not add up: where, and why."""


def main(arguments: list[str] | None = None) -> int:
    """Check a package and say what was found."""
    asked = argparse.ArgumentParser(description="验证证据包 / check an evidence package")
    asked.add_argument("package", nargs="?", default=".", type=Path)
    asked.add_argument("--seals", type=Path, help="对外公布的封印文件 / seals that were handed out")
    wanted = asked.parse_args(arguments)
    try:
        names, read = opened(wanted.package)
        found = check(names, read, wanted.seals.read_bytes().splitlines() if wanted.seals else None)
    except Wrong as wrong:
        sys.stdout.write(f"不一致 / DOES NOT ADD UP: {wrong}\n")
        return 1
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, zipfile.BadZipFile) as broken:
        sys.stdout.write(f"无法读取 / CANNOT BE READ: {type(broken).__name__}: {broken}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 0


def opened(package: Path) -> tuple[list[str], Callable[[str], bytes]]:
    """The names in a package, and how each is read."""
    if package.is_dir():
        names = [path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()]
        return names, lambda name: (package / name).read_bytes()
    packed = zipfile.ZipFile(package)
    return packed.namelist(), packed.read


def check(names: list[str], read: Callable[[str], bytes], seals: list[bytes] | None = None) -> list[str]:
    """Everything in order; lines to print. Wrong at the first thing that does not add up."""
    if len(set(names)) != len(names):
        raise Wrong("同名文件 / two files of one name")
    manifest = check_files(names, read)
    facts = check_chain(read("timeline.jsonl").splitlines())
    erased = check_personal(facts, read("personal.jsonl").splitlines())
    pending = check_originals("photos", facts, names, read)
    unheard = check_originals("recordings", facts, names, read)
    sealed, last = check_seals(facts, read("seals.jsonl").splitlines(), seals)
    thing, count = facts[0]["thing"], len(facts)
    said = [f"一致 / OK: {thing}, {count} 条记录 / facts, made at {manifest['made_at']}"]
    said.append(
        f"封印 / sealed: {sealed} of {count} 条 / facts" + (f", seal {last['number']}, {last['at']}" if last else "")
    )
    said.append("case.txt 仅供阅读，以 timeline.jsonl 为准 / case.txt is for reading; the proof is timeline.jsonl")
    if erased:
        said.append(f"已依法删除的个人信息 / personal values erased: {erased}")
    if pending:
        said.append(f"原图未上传 / photos that never arrived: {pending}")
    if unheard:
        said.append(f"录音未上传 / recordings that never arrived: {unheard}")
    if seals is None:
        said.append("未与对外公布的封印比对 / not compared with seals handed out (--seals)")
    return said


def check_files(names: list[str], read: Callable[[str], bytes]) -> dict[str, Any]:
    """Every file has the digest that the manifest gives, and there is no other."""
    written = read("manifest.json")
    if digest(written) != read("manifest.sha256").decode("ascii"):
        raise Wrong("manifest.json")
    manifest: dict[str, Any] = json.loads(written)
    for name in sorted(set(manifest["files"]) | set(names) - {"manifest.json", "manifest.sha256"}):
        if name not in manifest["files"]:
            raise Wrong(f"{name}: 多余 / added")
        if name not in names or digest(read(name)) != manifest["files"][name]:
            raise Wrong(f"{name}: 有改动或缺失 / altered or missing")
    return manifest


def check_chain(lines: list[bytes]) -> list[dict[str, Any]]:
    """Each fact is hashed with the one before it; the facts, with their hashes."""
    facts: list[dict[str, Any]] = []
    before = None
    for number, line in enumerate(lines, start=1):
        row = json.loads(line)
        written = row["fact"].encode("utf-8")
        fact = json.loads(written)
        where = f"timeline.jsonl: {number}"
        if fact["number"] != number or fact["before"] != before:
            raise Wrong(f"{where}: 缺少或错位 / missing or out of order")
        if digest(written) != row["hash"] or (facts and fact["thing"] != facts[0]["thing"]):
            raise Wrong(f"{where}: 有改动 / altered")
        before = fact["hash"] = row["hash"]
        facts.append(fact)
    if not facts:
        raise Wrong("timeline.jsonl: 空 / empty")
    return facts


def check_personal(facts: list[dict[str, Any]], lines: list[bytes]) -> int:
    """Each personal value is the one whose digest stands in its fact; how many were erased."""
    left = {
        (fact["number"], name): value["sha256"]
        for fact in facts
        for name, value in fact["body"].items()
        if isinstance(value, dict) and set(value) == {"sha256"}
    }
    for number, line in enumerate(lines, start=1):
        row = json.loads(line)
        wanted = left.pop((row["number"], row["name"]), None)
        if digest(bytes.fromhex(row["salt"]) + row["value"].encode("utf-8")) != wanted:
            raise Wrong(f"personal.jsonl: {number}: 与记录不符 / not what the fact says")
    until = max([fact["number"] for fact in facts if fact["act"] == "erase"], default=0)
    for number, name in sorted(left):
        if number >= until:
            raise Wrong(f"personal.jsonl: {number} {name}: 缺失，也没有删除记录 / missing, and no erasure on record")
    return len(left)


def check_originals(what: str, facts: list[dict[str, Any]], names: list[str], read: Callable[[str], bytes]) -> int:
    """Each photo (or recording) is named by its digest and by a fact; how many that facts name are not here."""
    named = {each["sha256"] for fact in facts for each in fact["body"].get(what, [])}
    here = set()
    for name in names:
        if name.startswith(f"{what}/"):
            sha256 = name[len(what) + 1 :].split(".")[0]
            if digest(read(name)) != sha256 or sha256 not in named:
                raise Wrong(f"{name}: 与记录不符 / not what a fact names")
            here.add(sha256)
    return len(named - here)


def check_seals(
    facts: list[dict[str, Any]], lines: list[bytes], published: list[bytes] | None
) -> tuple[int, dict[str, Any] | None]:
    """Each seal holds the chain as far as it says; how many facts are sealed, and the last seal."""
    sealed, last = 0, None
    for number, line in enumerate(lines, start=1):
        row, where = json.loads(line), f"seals.jsonl: {number}"
        seal, leaf = json.loads(row["seal"]), json.loads(row["leaf"])
        if digest(row["seal"].encode("utf-8")) != row["hash"]:
            raise Wrong(f"{where}: 有改动 / altered")
        if not sealed < leaf["number"] <= len(facts) or leaf["thing"] != facts[0]["thing"]:
            raise Wrong(f"{where}: 缺少记录 / facts are missing")
        if facts[leaf["number"] - 1]["hash"] != leaf["hash"] or climbed(row["leaf"], row["path"]) != seal["root"]:
            raise Wrong(f"{where}: 与记录不符 / not what the timeline says")
        check_published(row, seal, published)
        sealed, last = leaf["number"], seal
    check_unsealed(facts[sealed:], published)
    return sealed, last


def check_unsealed(facts: list[dict[str, Any]], published: list[bytes] | None) -> None:
    """What is older than the last seal handed out is under a seal; only what is newer may wait for the next."""
    if not published or not facts:
        return
    until = json.loads(json.loads(published[-1])["seal"])["at"]
    if facts[0]["at"] < until:
        where, at = facts[0]["number"], facts[0]["at"]
        raise Wrong(
            f"timeline.jsonl: {where}: {at} 早于最近的封印却没有封印 / older than the last seal, and not sealed"
        )


def check_published(row: dict[str, Any], seal: dict[str, Any], published: list[bytes] | None) -> None:
    """The seal is the one that was handed out."""
    if published is None:
        return
    if seal["number"] > len(published):
        raise Wrong(f"封印 {seal['number']} 未公布 / seal {seal['number']} was not handed out")
    outside = json.loads(published[seal["number"] - 1])
    if outside["seal"] != row["seal"] or outside["hash"] != row["hash"]:
        raise Wrong(f"封印 {seal['number']} 与公布的不符 / seal {seal['number']} is not the one handed out")


def climbed(leaf: str, path: list[list[str]]) -> str:
    """The root of the tree in which a leaf stands, by its neighbours from the bottom up."""
    here = hashlib.sha256(LEAF + leaf.encode("utf-8")).digest()
    for side, beside in path:
        other = bytes.fromhex(beside)
        here = hashlib.sha256(NODE + (other + here if side == "left" else here + other)).digest()
    return here.hex()


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
