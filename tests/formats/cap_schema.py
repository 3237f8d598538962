"""The rules of the schema of CAP 1.2, said again: which elements stand where, how often, in which order and form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

NAMESPACE = "{urn:oasis:names:tc:emergency:cap:1.2}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
CODE = {"valueName": "1", "value": "1"}
TREE = {
    "alert": {
        "identifier": "1",
        "sender": "1",
        "sent": "1",
        "status": "1",
        "msgType": "1",
        "source": "?",
        "scope": "1",
        "restriction": "?",
        "addresses": "?",
        "code": "*",
        "note": "?",
        "references": "?",
        "incidents": "?",
        "info": "*",
    },
    "info": {
        "language": "?",
        "category": "+",
        "event": "1",
        "responseType": "*",
        "urgency": "1",
        "severity": "1",
        "certainty": "1",
        "audience": "?",
        "eventCode": "*",
        "effective": "?",
        "onset": "?",
        "expires": "?",
        "senderName": "?",
        "headline": "?",
        "description": "?",
        "instruction": "?",
        "web": "?",
        "contact": "?",
        "parameter": "*",
        "resource": "*",
        "area": "*",
    },
    "area": {"areaDesc": "1", "polygon": "*", "circle": "*", "geocode": "*", "altitude": "?", "ceiling": "?"},
    "geocode": CODE,
    "eventCode": CODE,
    "parameter": CODE,
}
WORDS = {
    "status": "Actual|Exercise|System|Test|Draft",
    "msgType": "Alert|Update|Cancel|Ack|Error",
    "scope": "Public|Restricted|Private",
    "category": "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other",
    "responseType": "Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None",
    "urgency": "Immediate|Expected|Future|Past|Unknown",
    "severity": "Extreme|Severe|Moderate|Minor|Unknown",
    "certainty": "Observed|Likely|Possible|Unlikely|Unknown",
    "language": r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "sent": TIME,
    "effective": TIME,
    "onset": TIME,
    "expires": TIME,
    # Beyond the schema, by the words of the standard.
    "identifier": r"[^\s,<&]+",
    "sender": r"[^\s,<&]+",
    "references": rf"[^\s,]+,[^\s,]+,{TIME}( [^\s,]+,[^\s,]+,{TIME})*",
}


def breaches(document: bytes) -> list[str]:
    """Everything in which a document is not as the schema wants it."""
    root = fromstring(document, forbid_dtd=True)
    if root.tag != f"{NAMESPACE}alert":
        return [f"the root is {root.tag}"]
    return list(_breaches(root, "alert"))


def _breaches(element: Element, name: str) -> Iterator[str]:
    if name not in TREE:
        if len(element) or not re.fullmatch(WORDS.get(name, r"[\s\S]*"), element.text or ""):
            yield f"{name} says {element.text!r}"
        return
    if (element.text or "").strip():
        yield f"{name} has a text"
    names = [str(child.tag).removeprefix(NAMESPACE) for child in element]
    order = list(TREE[name])
    yield from (f"{name} has {each}" for each in names if each not in order)
    if [order.index(each) for each in names if each in order] != sorted(order.index(n) for n in names if n in order):
        yield f"{name} is out of order: {names}"
    for each, often in TREE[name].items():
        count = names.count(each)
        if not {"1": count == 1, "?": count <= 1, "+": count >= 1, "*": True}[often]:
            yield f"{name} has {count} {each}"
    for child, child_name in zip(element, names, strict=True):
        yield from _breaches(child, child_name)
