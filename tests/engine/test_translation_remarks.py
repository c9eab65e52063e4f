"""What is told of the documents is what matters for the call: rulings on it, and what really differs."""

from cases.case import Case
from conformance.call_text import parse_call
from conformance.translation import candidates
from conformance.translation_remarks import MOST, remarks

EXAMPLE = "mindspore.nn.Conv1dTranspose(3, 8, 5, stride=3, pad_mode='same')"


def test_remarks_are_few_and_of_both_sides() -> None:
    ours = parse_call(EXAMPLE)
    theirs = candidates(ours, "torch")[0]
    assert isinstance(theirs, Case)
    found = remarks(ours, theirs)
    assert 0 < len(found) <= MOST
    claims = [claim for item in found for _, claim in item.claims]
    assert any(claim.id.endswith("/output-length-same") and claim.overruled for claim in claims)
    assert any(item.ruling is not None for item in found)
    assert not any(source.document.key == "suite" for claim in claims for source in claim.sources)


def about(text: str, framework: str) -> list[str]:
    ours = parse_call(text)
    theirs = candidates(ours, framework)[0]
    assert isinstance(theirs, Case)
    return [item.text.en for item in remarks(ours, theirs)]


def test_what_both_sides_state_alike_and_what_the_call_does_not_use_is_no_remark() -> None:
    assert about("torch.nn.ConvTranspose2d(2, 3, 3)", "oneflow") == []
    assert about("torch.nn.ConvTranspose1d(3, 4, 5, device='cuda')", "mindspore") == []
    assert not any("has_bias" in text for text in about("torch.nn.ConvTranspose1d(3, 4, 5)", "mindspore"))
    # A ruling on padding is for calls that pad: without, the overruled formula says the same.
    assert about("torch.nn.ConvTranspose1d(3, 4, 5, padding=1)", "oneflow")
    assert not about("torch.nn.ConvTranspose1d(3, 4, 5, stride=2)", "oneflow")


def test_initial_values_are_told_only_where_they_differ() -> None:
    text = "mindspore.nn.Conv2dTranspose(3, 8, 5, stride=3, has_bias=True{})"
    assert not any("initial" in item for item in about(text.format(""), "torch"))
    told = about(text.format(", weight_init='ones', bias_init='normal'"), "torch")
    assert sum("the initial weight is 1 everywhere in mindspore" in item for item in told) == 1
    assert sum("the initial bias is N(0, 0.01²) in mindspore" in item for item in told) == 1


def test_platforms_are_told_only_where_they_differ() -> None:
    ascend = about("mindspore.mint.nn.ConvTranspose2d(3, 4, 3)", "torch")
    assert sum("documented on ascend only" in item for item in ascend) == 1
    assert not any("documented on" in item for item in about("torch.nn.ConvTranspose1d(3, 4, 5)", "mindspore"))
