"""Size and shape of every file, as the house demands them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tests.house.tree import Source, product, sources

FILE_LINES = 300
FUNCTION_LINES = 40
VERSIONS = "backend/migrations/versions"  # a list of columns is as long as it is


def test_no_file_is_long() -> None:
    long = [
        f"{source.path}: {lines} lines"
        for source in (*product(), *sources("tests"))
        if (lines := source.text.count("\n")) > FILE_LINES and not source.is_under(VERSIONS)
    ]

    assert not long, "\n".join(long)


def test_no_function_is_long() -> None:
    long = [
        f"{source.path}:{function.lineno} {function.name}: {lines} lines"
        for source in product()
        if not source.is_under(VERSIONS)
        for function in _functions(source)
        if (lines := _lines_of(function)) > FUNCTION_LINES
    ]

    assert not long, "\n".join(long)


def test_a_module_begins_by_saying_what_belongs_in_it() -> None:
    silent = [source.path for source in product() if not ast.get_docstring(source.tree)]

    assert not silent


def test_the_init_of_a_package_holds_one_sentence() -> None:
    packages = [source for source in (*product(), *sources("tests")) if source.path.endswith("__init__.py")]
    talkative = [package.path for package in packages if not _is_one_sentence(package)]

    assert packages
    assert not talkative


def test_no_module_is_named_after_one_of_the_standard_library() -> None:
    taken = sys.stdlib_module_names - {"__main__"}
    clashes = [source.path for source in (*product(), *sources("tests")) if source.name in taken]

    assert not clashes


def _functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    assert function.end_lineno is not None
    whole = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None or first.end_lineno is None:
        return whole
    return whole - (first.end_lineno - first.lineno + 1)


def _is_one_sentence(package: Source) -> bool:
    docstring = ast.get_docstring(package.tree)
    return len(package.tree.body) == 1 and docstring is not None and "\n\n" not in docstring
