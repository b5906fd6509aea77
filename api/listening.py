"""Listening: whether the service can have its address, asked before anybody is told of it."""

from __future__ import annotations

import errno
import os
import socket


def why_not_listen(host: str, port: int) -> str:
    """Why nothing can listen there, and how to mend it; empty when something can."""
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        return f"cannot listen on {where}: no such host; choose another with ALLOCATOR_HOST"
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as tried:
            # As the server does: an address that was just let go is free.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                tried.bind(address)
                tried.listen()
            except OSError as fault:
                return _in_words(fault, where)
    return ""


def _in_words(fault: OSError, where: str) -> str:
    if fault.errno == errno.EADDRINUSE:
        return (
            f"address in use: another program listens on {where}; choose another with "
            "ALLOCATOR_PORT or --port"
        )
    reason = os.strerror(fault.errno) if fault.errno else "it is refused"
    return f"cannot listen on {where}: {reason}; choose another with ALLOCATOR_HOST and _PORT"
