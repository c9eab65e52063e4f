"""The documents on transposed convolution, and the rulings where they disagree."""

from cases.documentation import Document, Ruling, Text

TORCH = Document("torch-docstrings", "Docstrings of torch.nn.ConvTranspose1d/2d/3d", "en", "2.13.0")
TORCH_FUNCTIONAL = Document(
    "torch-functional-docstrings", "Docstrings of torch.nn.functional.conv_transpose1d/2d/3d", "en", "2.13.0"
)
TORCH_LAZY = Document("torch-lazy-docstrings", "Docstrings of torch.nn.LazyConvTranspose1d/2d/3d", "en", "2.13.0")
TORCH_LAZY_MIXIN = Document(
    "torch-lazy-mixin-docstring", "Docstring of torch.nn.modules.lazy.LazyModuleMixin", "en", "2.13.0"
)
TORCH_MODULES = Document("torch-modules-note", "PyTorch's note on modules", "en")
TORCH_ACCURACY = Document("torch-accuracy-note", "PyTorch's note on numerical accuracy", "en")
ARTICLE = Document("torch-article", "Article “ConvTranspose1d详解” on torch.nn.ConvTranspose1d", "zh")
MINDSPORE = Document("mindspore-docstrings", "Docstrings of mindspore.nn.Conv1d/2d/3dTranspose", "en", "2.10.0")
MINDSPORE_1D = Document("mindspore-1d-page", "Page on mindspore.nn.Conv1dTranspose", "zh")
MINDSPORE_2D = Document("mindspore-2d-page", "Page on mindspore.nn.Conv2dTranspose", "en")
MINDSPORE_OPS = Document(
    "mindspore-ops-docstrings", "Docstrings of the transposed convolutions of mindspore.ops", "en", "2.10.0"
)
MINDSPORE_MINT = Document(
    "mindspore-mint-docstrings", "Docstrings of the transposed convolutions of mindspore.mint.nn", "en", "2.10.0"
)
MINDSPORE_INITIALIZERS = Document(
    "mindspore-initializers-docstrings", "Docstrings of mindspore.common.initializer", "en", "2.10.0"
)
COMPARISON = Document(
    "mindspore-comparison", "MindSpore's page comparing Conv1dTranspose with torch.nn.ConvTranspose1d", "zh"
)
ONEFLOW = Document("oneflow-docstrings", "Docstrings of oneflow.nn.ConvTranspose1d/2d/3d", "en", "0.8.0")
ONEFLOW_1D = Document("oneflow-1d-page", "Page on oneflow.nn.ConvTranspose1d", "en")
ONEFLOW_FUNCTIONAL = Document(
    "oneflow-functional-docstrings", "Docstrings of oneflow.nn.functional.conv_transpose1d/2d/3d", "en", "0.8.0"
)
SUITE = Document("suite", "What this suite itself holds of every backend", "en")
DOCUMENTS = (
    TORCH,
    TORCH_FUNCTIONAL,
    TORCH_LAZY,
    TORCH_LAZY_MIXIN,
    TORCH_MODULES,
    TORCH_ACCURACY,
    ARTICLE,
    MINDSPORE,
    MINDSPORE_1D,
    MINDSPORE_2D,
    COMPARISON,
    MINDSPORE_OPS,
    MINDSPORE_MINT,
    MINDSPORE_INITIALIZERS,
    ONEFLOW,
    ONEFLOW_1D,
    ONEFLOW_FUNCTIONAL,
    SUITE,
)

ARTICLE_EXAMPLE = Ruling(
    "article-example",
    Text(
        "The article's example prints 21, its own formula and the docstring's give 20: the formula is followed.",
        "文章示例打印 21,而文章自己的公式和 docstring 的公式都给出 20:以公式为准。",
    ),
)
ARTICLE_PADDING = Ruling(
    "article-padding",
    Text(
        "The article says that zeros are added at each edge of the input or output, which its own formula and the "
        "docstring contradict: the formula is followed.",
        "文章说在输入或输出的每一边补零,这与它自己的公式和 docstring 矛盾:以公式为准。",
    ),
)
ARTICLE_WEIGHT = Ruling(
    "article-weight",
    Text(
        "The article gives the weight's shape without groups; the docstring divides out_channels by groups and is followed.",
        "文章给出的权重形状没有考虑 groups;docstring 将 out_channels 除以 groups,以 docstring 为准。",
    ),
)
COMPARISON_RATIO = Ruling(
    "comparison-ratio",
    Text(
        "The comparison page's table puts the ratio of input to output where its own second example, which makes 150 out "
        "of 50 with a stride of 3, and its formula have the ratio of output to input: these are followed.",
        "对比页的参数表写的是输入与输出之比，而它自己的示例 2(stride 为 3，由 50 得到 150)和公式给出的是输出与输入之比：以示例和公式为准。",
    ),
)
COMPARISON_CHANNELS = Ruling(
    "comparison-channels",
    Text(
        "The comparison page calls C the spatial dimension, where PyTorch's docstring, the introduction of the page on "
        "Conv1dTranspose and its own examples, with 3 and 64, have the number of channels: these are followed.",
        "对比页把 C 称为空间维度，而 PyTorch 的 docstring、Conv1dTranspose 页面的开头以及对比页自己的示例（3 和 64）中 C 都是通道数：以后者为准。",
    ),
)
LAZY_DILATION = Ruling(
    "lazy-dilation",
    Text(
        "The signature of the lazy 2-D class annotates dilation as int, its list of arguments says int or tuple, as the "
        "other dimensions and the class that it stands for say in both places: the list is followed.",
        "惰性二维类的签名把 dilation 标注为 int，参数列表写的是 int 或 tuple，其他维度以及它所代表的类两处都写 int 或 tuple：以参数列表为准。",
    ),
)
SAME_LENGTH = Ruling(
    "same-length",
    Text(
        "With pad_mode same each output length is input length × stride, by the formula of the 2-D document and the "
        "second example of the comparison page; the 1-D and 3-D formulas, and the sentence of ops.conv3d_transpose, are those "
        "of a convolution.",
        "pad_mode 为 same 时输出长度等于输入长度 × stride,依据是二维文档的公式和对比页的示例 2;一维和三维文档的公式以及 ops.conv3d_transpose 的说法都是卷积的。",
    ),
)
SAME_CROP = Ruling(
    "same-crop",
    Text(
        "The amount that pad_mode same chooses is an amount of `padding`, since the pad-mode paragraph uses the same "
        "words for both: it removes that much of the result on its side, an odd excess at the end.",
        "pad_mode 为 same 时算子选择的填充量就是 `padding` 意义上的量,因为文档对两者用词相同:它从结果的对应一侧去掉这么多元素,奇数时多出的在末端。",
    ),
)
VALID_LENGTH = Ruling(
    "valid-length",
    Text(
        "With pad_mode valid nothing is removed: lengths are those of pad_mode pad with padding 0, by the 1-D formula "
        "and the third example of the comparison page. The 2-D formula lacks the kernel's own size, the 3-D formula is "
        "a convolution's. Where the stride exceeds the dilated kernel, 2-D and 3-D stay undocumented.",
        "pad_mode 为 valid 时不去掉任何元素:长度与 padding 为 0 的 pad 模式相同,依据是一维公式和对比页的示例 3。"
        "二维公式缺少卷积核自身的大小,三维公式是卷积的公式。stride 大于膨胀后的卷积核时,二维和三维视为未说明。",
    ),
)
PAD_3D = Ruling(
    "pad-3d",
    Text(
        "With pad_mode pad the 3-D lengths follow the 1-D and 2-D formulas, as the 3-D document's own example does; its "
        "formula is a convolution's.",
        "pad_mode 为 pad 时,三维长度按一维和二维的公式计算,三维文档自己的示例也是如此;它的公式是卷积的公式。",
    ),
)
OUTPUT_PADDING = Ruling(
    "output-padding",
    Text(
        "output_padding is said to pad the output; which values stand there is decided by the sentence that the layer is "
        "the gradient of the convolution: what falls there is kept.",
        "文档说 output_padding 填充输出;那里的值由“该层可视为卷积对输入求梯度”这句话决定:落在那里的值被保留。",
    ),
)
PADDING_LENGTH = Ruling(
    "padding-length",
    Text(
        "A 3-D padding tuple of the wrong length is a ValueError: the sentence about padding alone is more specific than "
        "the TypeError for several parameters.",
        "三维 padding 元组长度不对时抛出 ValueError:专门说明 padding 的那句话比针对多个参数的 TypeError 更具体。",
    ),
)
FUTURE_SIGNATURE = Ruling(
    "future-signature",
    Text(
        "The docstring announces another signature for versions after 2.9.0, but documents the present parameters in full: "
        "its list of parameters is followed.",
        "docstring 预告 2.9.0 之后的版本会改变签名,但完整说明的是现有参数:以参数列表为准。",
    ),
)
ONEFLOW_DILATION = Ruling(
    "oneflow-dilation",
    Text(
        "The 2-D signature annotates dilation as int, its list of arguments says int or tuple, as the other dimensions do "
        "in both places: the list is followed.",
        "二维签名把 dilation 标注为 int,参数列表写的是 int 或 tuple,其他维度两处都写 int 或 tuple:以参数列表为准。",
    ),
)
ADDED_PADDING = Ruling(
    "mindspore-padding",
    Text(
        "MindSpore's pages call padding an amount that is added to the input, which their own formulas and their sentence "
        "on the dilation·(kernel_size − 1) − padding zeros contradict: padding shortens the result.",
        "MindSpore 的文档称 padding 为加在输入上的填充量，这与它们自己的公式以及关于 dilation·(kernel_size − 1) − padding 个零的那句话矛盾："
        "padding 使结果变短。",
    ),
)
PRIMITIVE_WEIGHT = Ruling(
    "primitive-weight",
    Text(
        "With group above 1 the second axis of Conv2DTranspose's weight is C_in / group, as Conv3DTranspose divides it and "
        "as the gradient of a grouped convolution needs it; Conv2DTranspose leaves the division out.",
        "group 大于 1 时，Conv2DTranspose 权重的第二个轴为 C_in / group：Conv3DTranspose 的文档如此相除，分组卷积的梯度也需要如此；"
        "Conv2DTranspose 的文档漏写了相除。",
    ),
)
PRIMITIVE_CHANNELS = Ruling(
    "primitive-channels",
    Text(
        "The output of the 3-D primitive and function has out_channel channels: the gradient of a convolution has the "
        "channels of its input, and nn.Conv3dTranspose says so. Their documents divide the number by group.",
        "三维原语和函数的输出有 out_channel 个通道：卷积对输入的梯度与输入通道数相同，nn.Conv3dTranspose 也如此说明。它们的文档却除以 group。",
    ),
)
PRIMITIVE_PADS = Ruling(
    "primitive-pads",
    Text(
        "Conv3DTranspose's formula takes twice the first three numbers of pad; its description of pad as six numbers, two "
        "for each axis, is followed, as in the 2-D and 3-D layers.",
        "Conv3DTranspose 的公式取 pad 前三个数的两倍；以参数说明为准，即六个数、每个轴两个，二维和三维的层也是如此。",
    ),
)
INPUT_SIZE = Ruling(
    "input-size",
    Text(
        "Conv2DTranspose marks input_size as a Tensor, but describes it as a tuple and passes a tuple in its example: a "
        "tuple is valid, and whether a Tensor is stays open.",
        "Conv2DTranspose 把 input_size 标注为 Tensor，却描述为元组，示例传入的也是元组：元组有效，Tensor 是否有效不作判断。",
    ),
)
OPS_DTYPE = Ruling(
    "ops-dtype",
    Text(
        "conv3d_transpose raises TypeError for all but float16 by its list of errors, and supports float32 on GPU and CPU "
        "by its list of arguments; the latter is followed, as Conv3DTranspose says the same in both places.",
        "conv3d_transpose 的异常列表说除 float16 外都抛出 TypeError，参数说明则说 GPU 和 CPU 支持 float32；"
        "以参数说明为准，Conv3DTranspose 的两处都与之一致。",
    ),
)
PAD_MODE_WORD = Ruling(
    "pad-mode-word",
    Text(
        "conv3d_transpose's list of errors calls the mode that allows a padding 'padding', which is none of its modes: "
        "'pad' is meant, by its list of arguments and by Conv3DTranspose.",
        "conv3d_transpose 的异常列表把允许填充的模式写作 'padding'，而没有这个模式：依据参数说明和 Conv3DTranspose，指的是 'pad'。",
    ),
)
RULINGS = (
    ARTICLE_EXAMPLE,
    ARTICLE_PADDING,
    ARTICLE_WEIGHT,
    COMPARISON_RATIO,
    COMPARISON_CHANNELS,
    LAZY_DILATION,
    SAME_LENGTH,
    SAME_CROP,
    VALID_LENGTH,
    PAD_3D,
    OUTPUT_PADDING,
    PADDING_LENGTH,
    FUTURE_SIGNATURE,
    ADDED_PADDING,
    PRIMITIVE_WEIGHT,
    PRIMITIVE_CHANNELS,
    PRIMITIVE_PADS,
    INPUT_SIZE,
    OPS_DTYPE,
    PAD_MODE_WORD,
    ONEFLOW_DILATION,
)
