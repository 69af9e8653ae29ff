#!/usr/bin/env python3
"""Wrote enc-v1.json, from the description of the stored form alone: OpenSSL's cipher, Python's HMAC and SHA-256.

It stays as the second implementation of the format, for whoever writes a third. The file is frozen: cells of each form in
it are stored somewhere. A new form is a new file.

Needs the package `cryptography`, built with OpenSSL 3.2 or later. Usage: vectors/enc_v1.py | diff - vectors/enc-v1.json
"""

import datetime
import hashlib
import hmac
import json
import struct
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

SECRET = bytes(range(32))
NONCE = bytes(range(0xA0, 0xAC))
ROW = uuid.UUID("01900000-0000-7000-8000-000000000001")
TENANT = uuid.UUID("01900000-0000-7000-8000-0000000000aa")
TIME = datetime.datetime(2024, 2, 29, 12, 34, 56, 789012, datetime.timezone.utc)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

# Each codec's number, and a value as it writes it.
VALUES = {
    "text": (1, "xoxb-ü-1234".encode()),
    "bytes": (2, b"\x00\xff"),
    "i64": (3, struct.pack(">q", -2)),
    "i32": (4, struct.pack(">i", -3)),
    "boolean": (5, b"\x01"),
    "UUID": (6, TENANT.bytes),
    "f64": (7, struct.pack(">d", -0.5)),
    "date": (8, struct.pack(">i", TIME.date().toordinal())),
    "time": (9, struct.pack(">q", (TIME - EPOCH) // datetime.timedelta(microseconds=1))),
    "decimal": (10, b"-1234.5600"),
    "JSON": (11, b'{"a":[1,null,"\xc3\xbc"]}'),
    "i16": (12, struct.pack(">h", -300)),
}
VARYING = {"text", "bytes", "decimal", "JSON"}


def framed(*fields):
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def expand(info):
    root = hmac.digest(b"waygate/v1/dek", SECRET, "sha256")
    return hmac.digest(root, info + b"\x01", "sha256")


def commitment(scope):
    return expand(b"kid\x01" + framed(scope.encode()))


def padded_length(padding, codec, length):
    """The length to pad to, or None."""
    kind, _, size = padding.partition(" ")
    least = length + 1
    if kind == "none" or (kind == "auto" and codec not in VARYING):
        return None
    if kind == "fixed":
        return int(size)
    step = int(size) if kind == "block" else 16
    if kind == "auto" and least > 256:
        exponent = least.bit_length() - 1
        step = 1 << (exponent - exponent.bit_length())
    return -(-least // step) * step


def cell(name, codec, padding="none", binding="row", tenant=TENANT, scope=None, value=None):
    scope = scope or str(TENANT)
    number, example = VALUES[codec]
    value = example if value is None else value
    context = f"vectors.{name.replace(' ', '_')}"
    row = ROW if binding == "row" else None
    bound_tenant = None if binding == "column" else tenant
    padded = padded_length(padding, codec, len(value))
    flags = (row is not None) | (bound_tenant is not None) << 1 | (padded is not None) << 2
    header = bytes([0xF9, 0x01, flags, number]) + commitment(scope)[:16]
    key = b"\x06" + row.bytes if row else b""
    fields = framed(context.encode(), bound_tenant.bytes if bound_tenant else b"", key)
    place = hashlib.sha256(b"waygate/ctx/v1" + fields).digest()
    plain = value if padded is None else (value + b"\x80").ljust(padded, b"\x00")
    column_key = expand(b"enc\x01" + framed(context.encode()))
    sealed = AESGCMSIV(column_key).encrypt(NONCE, plain, header + place)
    return {
        "name": name,
        "codec": number,
        "key_scope": scope,
        "context": context,
        "binding": binding,
        "padding": padding,
        "row": str(ROW),
        "tenant": str(tenant) if tenant else None,
        "value": value.hex(),
        "place": place.hex(),
        "cell": (header + NONCE + sealed).hex(),
    }


def cells():
    for codec in VALUES:
        yield cell(codec, codec)
        yield cell(f"{codec} auto", codec, "auto")
        yield cell(f"{codec} fixed", codec, "fixed 64")
    for length in (0, 15, 16, 255, 256, 1000):
        yield cell(f"text of {length}", "text", "auto", value=b"x" * length)
    yield cell("text in steps", "text", "block 100", value=b"x" * 100)
    yield cell("bytes like padding", "bytes", "auto", value=b"\x80\x00\x00")
    for codec in ("text", "i64"):
        yield cell(f"{codec} of the tenant", codec, "auto", "tenant")
        yield cell(f"{codec} of the column", codec, "auto", "column")
    yield cell("text of a child row", "text", tenant=None)
    for binding in ("row", "tenant", "column"):
        yield cell(f"shared text by {binding}", "text", "auto", binding, tenant=None, scope="app")


def main():
    scopes = {str(TENANT), "app"}
    print(json.dumps({
        "about": "Sealed cells of version 1. All bytes are in hex; `value` is what the codec writes.",
        "secret": SECRET.hex(),
        "nonce": NONCE.hex(),
        "commitments": {scope: commitment(scope).hex() for scope in sorted(scopes)},
        "cells": list(cells()),
    }, indent=2))


main()
