"""Blocks of Markdown → one text that is never larger than there is room for.

What a report holds grows with its run, and a service that shows Markdown refuses what is too large as a whole. The
largest blocks go first, since that leaves the most to read; where each was stands a line that says so.
"""

from collections.abc import Iterable

LEFT_OUT = "*This part is too large and is left out here; the run file has it.*"
CUT = "*The rest is left out here; the run file has it.*"


def fitted(blocks: Iterable[str], room: int) -> str:
    """The blocks with an empty line between them, in at most `room` bytes of UTF-8. Empty blocks are left out."""
    kept = [block for block in blocks if block]
    sizes = [_size(block) for block in kept]
    total = sum(sizes)
    for place in sorted(range(len(kept)), key=lambda place: (-sizes[place], place)):
        if total <= room or sizes[place] <= _size(LEFT_OUT):
            break
        total += _size(LEFT_OUT) - sizes[place]
        kept[place] = LEFT_OUT
    if total > room:  # there are so many blocks that not even their lines have room
        while kept and total + _size(CUT) > room:
            total -= _size(kept.pop())
        kept += [CUT] if total + _size(CUT) <= room else []
    return "\n\n".join(kept) + "\n" if kept else ""


def _size(block: str) -> int:
    """Bytes of a block and of the empty line after it."""
    return len(block.encode()) + 2
