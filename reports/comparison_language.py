"""The words of a comparison page in one language: what a key says, and what things are called."""

from typing import Literal

from cases.documentation import Document, Text
from reports.comparison_words import NAMES, PLACES_ZH, TITLES_ZH, UNCHECKED_ZH, WORDS

Lang = Literal["en", "zh"]
LANGS: tuple[Lang, ...] = ("en", "zh")


class Words:
    """The words of one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang, self.index = lang, LANGS.index(lang)

    def __call__(self, key: str, **given: object) -> str:
        """What a key says, with its places filled in."""
        text = WORDS[key][self.index]
        return text.format(**given) if given else text

    def of(self, text: Text) -> str:
        """The language's side of a text."""
        return text.zh if self.lang == "zh" else text.en

    def place(self, place: str) -> str:
        """A place of a document."""
        return PLACES_ZH.get(place, place) if self.lang == "zh" else place

    def title(self, document: Document) -> str:
        """What a document is called."""
        return TITLES_ZH.get(document.key, document.title) if self.lang == "zh" else document.title

    def unchecked(self, reason: str) -> str:
        """Why a statement is not checked."""
        return UNCHECKED_ZH.get(reason, reason) if self.lang == "zh" else reason

    def framework(self, api: str) -> str:
        """What the framework of an API calls itself."""
        name = api.partition(".")[0]
        return NAMES.get(name, name)
