"""Transposed convolution by other roads than the law's, naive and readable; nothing here imports the law.

`by_zero_insertion`: zeros between the inputs, then a correlation with the flipped kernel, then a crop.
`convolve`: the convolution whose adjoint transposed convolution is.
`element`: one output element by the definition, in Python numbers: exact for ints and Fractions, right for inf and nan.
All take the padding as pairs and everything else per axis, and no defaults.
"""

from itertools import product

import numpy as np


def by_zero_insertion(x, weight, *, stride, padding, output_padding, dilation, groups):
    rank = x.ndim - 2
    kernel = insert_zeros(weight, dilation)
    room = [(k - 1, k - 1 + extra) for k, extra in zip(kernel.shape[2:], output_padding, strict=True)]
    field = np.pad(insert_zeros(x, stride), [(0, 0), (0, 0), *room])
    flipped = np.flip(kernel, axis=tuple(range(2, 2 + rank)))
    full = correlate(field, flipped, groups)
    crop = [slice(begin, n - end) for (begin, end), n in zip(padding, full.shape[2:], strict=True)]
    return full[(..., *crop)]


def insert_zeros(a, step):
    spread = np.zeros(a.shape[:2] + tuple((n - 1) * s + 1 for n, s in zip(a.shape[2:], step, strict=True)), a.dtype)
    spread[(..., *(slice(None, None, s) for s in step))] = a
    return spread


def correlate(field, kernel, groups):
    """Correlation with a kernel of shape (C_in, C_out / groups, *K), one output position and channel at a time."""
    n, c_in = field.shape[:2]
    per_in, per_out = c_in // groups, kernel.shape[1]
    size = [f - k + 1 for f, k in zip(field.shape[2:], kernel.shape[2:], strict=True)]
    out = np.zeros((n, groups * per_out, *size), np.result_type(field, kernel))
    for position in product(*map(range, size)):
        window = field[(..., *(slice(p, p + k) for p, k in zip(position, kernel.shape[2:], strict=True)))]
        for channel in range(groups * per_out):
            group, column = divmod(channel, per_out)
            members = slice(group * per_in, (group + 1) * per_in)
            out[(slice(None), channel, *position)] = (
                (window[:, members] * kernel[members, column]).reshape(n, -1).sum(1)
            )
    return out


def convolve(y, weight, size, *, stride, padding, output_padding, dilation, groups):
    """Ordinary strided, dilated, padded, grouped convolution of y (N, C_out, *O), giving (N, C_in, *size)."""
    del output_padding  # only makes y longer
    kernel = insert_zeros(weight, dilation)
    field = np.pad(y, [(0, 0), (0, 0), *padding])
    per_in, per_out = weight.shape[0] // groups, weight.shape[1]
    out = np.zeros((y.shape[0], weight.shape[0], *size), np.result_type(y, weight))
    for position in product(*map(range, size)):
        corner = [p * s for p, s in zip(position, stride, strict=True)]
        window = field[(..., *(slice(c, c + k) for c, k in zip(corner, kernel.shape[2:], strict=True)))]
        for channel in range(weight.shape[0]):
            group = channel // per_in
            members = slice(group * per_out, (group + 1) * per_out)
            out[(slice(None), channel, *position)] = (window[:, members] * kernel[channel]).reshape(len(y), -1).sum(1)
    return out


def element(x, weight, bias, where, *, stride, padding, output_padding, dilation, groups):
    """The value at index `where`, and the number of terms it sums, by looking at every input and every tap."""
    del output_padding  # decides which elements exist, not what they are
    sample, channel, *position = where
    per_in, per_out = x.shape[1] // groups, weight.shape[1]
    group, column = divmod(channel, per_out)
    found = [] if bias is None else [bias[channel]]
    for i in product(*map(range, x.shape[2:])):
        for k in product(*map(range, weight.shape[2:])):
            lands = [a * s + b * d - p[0] for a, b, s, d, p in zip(i, k, stride, dilation, padding, strict=True)]
            if lands == position:
                for c in range(group * per_in, (group + 1) * per_in):
                    found.append(x[(sample, c, *i)] * weight[(c, column, *k)])
    return sum(found), len(found)


def gradients_by_definition(x, weight, upstream, *, stride, padding, output_padding, dilation, groups):
    """Gradients with respect to x and weight, by looking at every input, tap and channel, in Python numbers."""
    del output_padding  # decides which elements exist, not what they are
    per_in, per_out = x.shape[1] // groups, weight.shape[1]
    for_x, for_weight = np.zeros(x.shape, object), np.zeros(weight.shape, object)
    for i in product(*map(range, x.shape[2:])):
        for k in product(*map(range, weight.shape[2:])):
            o = [a * s + b * d - p[0] for a, b, s, d, p in zip(i, k, stride, dilation, padding, strict=True)]
            if all(0 <= place < n for place, n in zip(o, upstream.shape[2:], strict=True)):
                for n, c, column in product(range(len(x)), range(x.shape[1]), range(per_out)):
                    up = upstream[(n, c // per_in * per_out + column, *o)]
                    for_x[(n, c, *i)] += up * weight[(c, column, *k)]
                    for_weight[(c, column, *k)] += up * x[(n, c, *i)]
    return for_x, for_weight
