"""Evidence and today's claims → the comparison page of two APIs, in one language, as blocks.

The page is what documentation should have had: what share of calls has a counterpart, parameters side by side, output
lengths, the equivalence map, what the documents state of the rest, examples with their real outputs, and what became
of every statement of a page that people wrote. `reports.comparison_files` writes it as Markdown and HTML.
"""

from reports.comparison_blocks import Block, Heading, Page, Paragraph, line
from reports.comparison_claims import claims, statements
from reports.comparison_context import Context
from reports.comparison_evidence import Evidence, PageEvidence
from reports.comparison_examples import examples
from reports.comparison_language import Lang, Words
from reports.comparison_map import equivalence
from reports.comparison_parameters import parameters, shapes, summary

SECTIONS = (summary, parameters, shapes, equivalence, claims, examples, statements)


def page_name(left: str, right: str) -> str:
    """The name of a page's files, without language and suffix."""
    return f"{left}--{right}"


def page(evidence: Evidence, pair: PageEvidence, lang: Lang) -> Page:
    """One page."""
    say = Words(lang)
    context = Context(evidence, pair, say)
    frameworks = dict.fromkeys((context.left.framework, context.right.framework))
    seen = say("and").join(context.backend(name) for name in frameworks)
    blocks: list[Block] = [Paragraph(line(say("made", backends=seen)))]
    for section in SECTIONS:
        blocks += section(context)
    return Page(
        name=page_name(pair.left, pair.right),
        title=say("title", left=pair.left, right=pair.right),
        lang=lang,
        blocks=tuple(blocks),
        contents=tuple(block for block in blocks if isinstance(block, Heading) and block.level == 2),
        other=say("other-lang"),
        index=say("index"),
    )
