"""The loop inside a backend's own interpreter: requests in, one reply each, in order.

What comes in: orders (adapter, device, limits), then batches of requests (see `messages.py`), then an
empty message as the end. What goes out: one greeting, then for every request one reply as soon as it is known, so
that the driver can name the request during which this process died. Everything that an adapter does wrong without
dying becomes a reply (`could-not-run`), and the loop goes on. Where the orders say `forking`, each request is answered
by a child (`zygote.py`), and so is the question for the facts, for some adapters call their framework to know them.

Needs Python 3.10, the standard library and whatever the adapter imports. Nothing of the driver is imported here.
"""

import contextlib
import faulthandler
import importlib
import os
import sys
import time
import traceback
from functools import partial
from pathlib import Path
from typing import Any

from conformance.messages import decode, encode, unbundle
from conformance.zygote import Lost, Zygote, die_with

LONGEST_TEXT = 20_000  # characters of a message or docstring: a framework may print a whole tensor into an error
FACTS_SECONDS = 30.0  # of a forked child; the slowest of the frameworks needs 0.2
_TEXTS = ("message", "reason", "docstring")


def serve(channel: Any) -> None:
    """Obey the orders, greet, and answer batches until the driver ends the conversation; never returns."""
    orders = decode(channel.receive())
    settle(orders["parent"], orders["memory_limit"])
    try:
        zygote = Zygote() if orders["forking"] else None
        adapter = load(orders["adapter"])(orders["device"])
        greeting = encode({"ready": adapter.describe()}) if zygote is None else forked_greeting(zygote, adapter)
        respond = partial(answer, adapter) if zygote is None else partial(forked_answer, zygote, adapter)
    except BaseException as error:
        channel.send(encode({"failed": explain(error)}))
        leave(1)
    channel.send(greeting)
    try:
        while batch := channel.receive():
            for message in unbundle(batch):
                channel.send(respond(message))
    except EOFError:
        pass  # the driver is gone
    except OSError as error:
        print(f"the connection to the driver is broken: {error}", file=sys.stderr)
        leave(os.EX_IOERR)
    leave(0)


def settle(parent: int, memory_limit: int | None) -> None:
    """Make this process easy to lose: it dies with its parent, first of all processes, and leaves no core file."""
    faulthandler.enable()
    die_with(parent)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory_limit is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))


def load(name: str) -> Any:
    """Find the adapter class of `module:Class`."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def answer(adapter: Any, message: bytes) -> bytes:
    """Run one request; whatever the adapter does short of dying becomes a reply."""
    request = decode(message)
    began = time.perf_counter()
    try:
        reply = adapter.run(request)
        if type(reply) is not dict or "status" not in reply:
            reply = could_not_run(f"the adapter answered with {clean(repr(reply), 200)}")
    except BaseException as error:  # SystemExit too: it must not cost the requests that follow
        reply = could_not_run(explain(error))
    reply["id"] = request["id"]
    reply["milliseconds"] = 1000 * (time.perf_counter() - began)
    for name in _TEXTS:
        if type(text := reply.get(name)) is str:
            reply[name] = clean(text)
    try:
        return encode(reply)
    except Exception as error:
        return encode(could_not_run(f"the adapter's answer: {explain(error)}") | {"id": request["id"]})


def forked_greeting(zygote: Zygote, adapter: Any) -> bytes:
    """Let a child state the facts, which also shows that this framework can be forked at all; RuntimeError if not."""
    zygote.ready()
    found = zygote.run(lambda: facts(adapter), FACTS_SECONDS)
    if isinstance(found, Lost):
        how = f"died ({found.how})" if found.how else f"was silent for {FACTS_SECONDS:g} seconds"
        raise RuntimeError(f"it cannot be forked: a child that was asked for the facts {how}")
    return found


def facts(adapter: Any) -> bytes:
    """Ask the adapter for its facts; an exception of it becomes what is said of a failed start."""
    try:
        return encode({"ready": adapter.describe()})
    except BaseException as error:
        return encode({"failed": explain(error)})


def forked_answer(zygote: Zygote, adapter: Any, message: bytes) -> bytes:
    """Let a child run one request; how it was lost is an answer too."""
    request = decode(message)
    seconds = request["seconds"]
    try:
        found = zygote.run(partial(answer, adapter, message), seconds)
    except OSError as error:  # no more processes, or no memory for one
        return encode(could_not_run(f"no child could be forked: {explain(error)}") | {"id": request["id"]})
    if not isinstance(found, Lost):
        return found
    reply = {"status": "died", "how": found.how, "stderr": clean(found.stderr)}
    return encode((reply if found.how else {"status": "timed-out", "seconds": seconds}) | {"id": request["id"]})


def could_not_run(reason: str) -> dict[str, Any]:
    """Build the reply of a request that never got a proper answer of the framework."""
    return {"status": "could-not-run", "reason": reason}


def explain(error: BaseException) -> str:
    """Class, message and last lines of the traceback, whatever the exception's own methods do."""
    try:
        lines = "".join(traceback.format_tb(error.__traceback__)).splitlines()[-6:]
    except BaseException:
        lines = []
    try:
        message = str(error)
    except BaseException:
        message = "(its message cannot be shown)"
    return clean("\n".join([f"{type(error).__qualname__}: {clean(message, 2000)}", *lines]))


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Shorten a text and make it valid Unicode, so that it can be written anywhere later."""
    if len(text) > longest:
        text = f"{text[:longest]}… ({len(text) - longest} more characters)"
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def leave(code: int) -> None:
    """End at once: a framework's own tear-down may hang or crash, and belongs to no case."""
    with contextlib.suppress(Exception):
        sys.stderr.flush()
    os._exit(code)
