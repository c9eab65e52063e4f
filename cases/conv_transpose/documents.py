"""The documents on transposed convolution, and the rulings where they disagree."""

from cases.documentation import Document, Ruling, Text

TORCH = Document("torch-docstrings", "Docstrings of torch.nn.ConvTranspose1d/2d/3d", "en", "2.13.0")
ARTICLE = Document("torch-article", "Article “ConvTranspose1d详解” on torch.nn.ConvTranspose1d", "zh")
MINDSPORE = Document("mindspore-docstrings", "Docstrings of mindspore.nn.Conv1d/2d/3dTranspose", "en", "2.10.0")
MINDSPORE_1D = Document("mindspore-1d-page", "Page on mindspore.nn.Conv1dTranspose", "zh")
MINDSPORE_2D = Document("mindspore-2d-page", "Page on mindspore.nn.Conv2dTranspose", "en")
COMPARISON = Document(
    "mindspore-comparison", "MindSpore's page comparing Conv1dTranspose with torch.nn.ConvTranspose1d", "zh"
)
ONEFLOW = Document("oneflow-docstrings", "Docstrings of oneflow.nn.ConvTranspose1d/2d/3d", "en", "0.8.0")
ONEFLOW_1D = Document("oneflow-1d-page", "Page on oneflow.nn.ConvTranspose1d", "en")
DOCUMENTS = (TORCH, ARTICLE, MINDSPORE, MINDSPORE_1D, MINDSPORE_2D, COMPARISON, ONEFLOW, ONEFLOW_1D)

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
SAME_LENGTH = Ruling(
    "same-length",
    Text(
        "With pad_mode same each output length is input length × stride, by the formula of the 2-D document and the "
        "second example of the comparison page; the 1-D and 3-D formulas are those of a convolution.",
        "pad_mode 为 same 时输出长度等于输入长度 × stride,依据是二维文档的公式和对比页的示例 2;一维和三维文档的公式是卷积的公式。",
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
RULINGS = (
    ARTICLE_EXAMPLE,
    ARTICLE_PADDING,
    ARTICLE_WEIGHT,
    SAME_LENGTH,
    SAME_CROP,
    VALID_LENGTH,
    PAD_3D,
    OUTPUT_PADDING,
    PADDING_LENGTH,
    FUTURE_SIGNATURE,
    ONEFLOW_DILATION,
)
