"""A call of a transposed convolution → which inputs and kernel taps make an element of its output, axis by axis.

Input `i` meets tap `k` at output `i * stride + k * dilation - begin`, as in `reference.conv_transpose.law`. What a call
adds at the end may cancel what it crops there: then nothing is cropped at the end, and what falls there is kept.
"""

from cases.case import Case
from cases.conv_transpose.understood import understood
from cases.taps import Axis, Taps
from reference.documented import NotDocumented, Refusal, Unsupported


def taps(case: Case) -> Taps | None:
    """The axes of a call that has a documented value; None for any other, and for one with steps around it."""
    if case.action != "call" or case.around:
        return None
    try:
        found = understood(case)
    except (Refusal, NotDocumented, Unsupported):
        return None
    geometry = found.geometry
    kept = geometry.lengths(found.x.shape[2:])
    axes = []
    for place, size in enumerate(found.x.shape[2:]):
        begin, end = geometry.crop[place]
        longer = geometry.longer[place] + found.longer[place]
        axes.append(
            Axis(
                inputs=size,
                taps=geometry.kernel[place],
                outputs=kept[place] + found.longer[place],
                input_step=geometry.stride[place],
                tap_step=geometry.dilation[place],
                offset=-begin,
                cropped=(begin, max(0, end - longer)),
                added=longer,
            )
        )
    return Taps(tuple(axes), (geometry.in_channels // geometry.groups, geometry.out_channels // geometry.groups))
