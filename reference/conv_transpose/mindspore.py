"""MindSpore's documented transposed convolutions, as of MindSpore 2.10: the rulings, and which APIs there are.

`mindspore.nn` stands in `mindspore_nn.py`, `mindspore.ops` in `mindspore_ops.py`, `mindspore.mint` in
`mindspore_mint.py`, what they share of pad modes and initial values in `mindspore_pads.py` and
`mindspore_initial.py`.

The documents contradict one another. The rulings, each resting on documents only (the claims that they overrule are
marked in `cases/conv_transpose`):

same-length     With pad_mode same each output length is input length times stride: the 2-D document's formula and the
                second example of the comparison page. Overruled: the formulas of the 1-D and the 3-D document, which
                are those of a convolution, and the sentence of `ops.conv3d_transpose` that the output's lengths are
                the input's divided by the stride.
same-crop       The amount that pad_mode same chooses is an amount of `padding`, which removes that much of the result
                on its side: the pad-mode paragraph of the same documents uses the same words for `padding`. So an odd
                excess removes one more element at the end. In the 3-D documents of `nn` and of the primitive the
                excess of the depth axis goes to the "front", which may name either end: there values are not
                documented. `ops.conv3d_transpose` says tail, which is the end.
valid-length    With pad_mode valid nothing is removed, so lengths are those of pad_mode pad with padding 0: the 1-D
                document's formula and the third example of the comparison page. Overruled: the 2-D formula, which
                lacks the kernel's own size, and the 3-D formula, which is a convolution's. Where the stride is longer
                than the dilated kernel the 2-D formula is a rival that no further document about 2-D or 3-D decides:
                there these two are not documented.
pad-3d          With pad_mode pad the 3-D lengths are those of the 1-D and 2-D formulas: the 3-D document's own
                example, and the formula of `ops.Conv3DTranspose`. Overruled: the formula of `nn.Conv3dTranspose`, which
                is a convolution's.
padding-length  A padding tuple of the wrong length is a ValueError in the 3-D document, which names it apart from the
                TypeError of the other tuples.
output-padding  output_padding is said to pad the output; which values stand there is decided by the sentence that the
                layer is the gradient of the convolution: what falls there is kept, as in the other documents of the
                operator.
primitive-pads  `ops.Conv3DTranspose` takes six paddings, two per axis, by its list of arguments. Overruled: its formula
                for pad_mode pad, which takes twice the first three of them.
primitive-channels  The output of `ops.Conv3DTranspose` has out_channel channels: it is the gradient of a convolution
                with respect to its input, whose weight (C_in, C_out // group, …) the same document gives. Overruled:
                the sentence that it has C_out // group.
primitive-weight  With groups the weight of `ops.Conv2DTranspose` is (C_out, C_in / group, …), as the document of the
                3-D primitive divides by group. Overruled: the shape without group.
ops-dtype       `ops.conv3d_transpose` takes float16 and float32 on CPU and GPU: the list of supported types in the same
                document, and the error of the primitive. Overruled: the TypeError for whatever is not float16.

With pad_mode same and a stride longer than the dilated kernel the amount of padding would be negative: the length is
documented, the values are not.
"""

from reference.conv_transpose.mindspore_mint import ConvTranspose2d, ConvTranspose2dFunction
from reference.conv_transpose.mindspore_nn import Conv1dTranspose, Conv2dTranspose, Conv3dTranspose
from reference.conv_transpose.mindspore_ops import Conv2DTranspose, Conv3DTranspose, Conv3dTransposeFunction

APIS = {
    "mindspore.nn.Conv1dTranspose": Conv1dTranspose,
    "mindspore.nn.Conv2dTranspose": Conv2dTranspose,
    "mindspore.nn.Conv3dTranspose": Conv3dTranspose,
    "mindspore.ops.Conv2DTranspose": Conv2DTranspose,
    "mindspore.ops.Conv3DTranspose": Conv3DTranspose,
    "mindspore.ops.conv3d_transpose": Conv3dTransposeFunction,
    "mindspore.ops.conv_transpose2d": ConvTranspose2dFunction,
    "mindspore.mint.nn.ConvTranspose2d": ConvTranspose2d,
    "mindspore.mint.nn.functional.conv_transpose2d": ConvTranspose2dFunction,
}
