"""Messages of the Common Alerting Protocol, versions 1.2 and 1.1, read from bytes that anybody may have sent."""

from __future__ import annotations

from backend.domain.cap import Message
from backend.errors import NotReadable
from backend.formats import xml_tree
from backend.formats.cap_values import message_of
from backend.formats.xml_tree import Bounds

MOST_BYTES = xml_tree.MOST_BYTES
MEDIA_TYPES = ("application/cap+xml", "text/xml", "application/xml")
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
"""The one foreign name that CAP lets in: a signature at the end, which is passed over."""
_BOUNDS = Bounds((NAMESPACE, "urn:oasis:names:tc:emergency:cap:1.1"), (_SIGNATURE,))
_SHOWN = 80


def read(document: bytes) -> Message:
    """The message; NotReadable when it is none, BadInput with the place of everything that is wrong in it."""
    root = xml_tree.parsed(document, _BOUNDS)
    if root.name != "alert":
        raise NotReadable("cap_root", name=root.name[:_SHOWN])
    return message_of(root, "/alert")
