"""Each category of a plan holds what its name says, in every API, and no case is too large to be sent about."""

import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from cases.case import Case, from_canonical
from cases.conv_transpose.configurations import configured
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.domains import factors, requirements
from cases.conv_transpose.inputs import COMPLEX, EXPONENTS, FLOATS, LAYOUTS, WHOLE
from cases.conv_transpose.layers import CLASSES
from cases.conv_transpose.setups import case as spelled
from cases.covering import covering
from cases.values import DTYPES, Dtype, Instance, Tensor
from conformance.expected import OUTPUT, ExpectedValue
from reference.rounding import exact_limit
from tests.cases.generated import EVERY_API, MANY, MOST_APIS, category, documented, everything, made
from tests.cases.planned import is_refused, is_valid

MEGABYTES = 2**20


def exact(api: str, name: str) -> Iterator[tuple[Case, ExpectedValue]]:
    for item in documented(api, name):
        if isinstance(item.expected, ExpectedValue):
            yield item.case, item.expected


@EVERY_API
def test_every_category_has_cases_where_the_api_can_have_them(api: str) -> None:
    dialect, found = DIALECTS[api], made(api).categories
    absent = {name for name, cases in found.items() if not cases}
    allowed = {"examples"}
    allowed |= set() if dialect.initialisers else {"untouched"}
    allowed |= set() if dialect.loads else {"initialised"}
    allowed |= {"devices"} if dialect.framework == "mindspore" else set()
    allowed |= set() if api.startswith(CLASSES) else {"layers"}
    assert absent <= allowed
    assert not any(case for name in allowed - {"examples"} for case in found[name])


@EVERY_API
def test_every_case_can_be_written_down_and_read_back(api: str) -> None:
    for case in itertools.chain(*made(api).categories.values()):
        again = from_canonical(json.loads(json.dumps(case.canonical)))
        assert (again.id, again.canonical) == (case.id, case.canonical)


@EVERY_API
def test_no_case_holds_more_than_two_megabytes_and_none_returns_more_than_four(api: str) -> None:
    """Examples of the documents and layers of models apart, whose sizes are theirs."""
    theirs = {case.id for name in ("examples", "layers") for case in category(api, name)}
    for item in (item for item in everything(api) if item.case.id not in theirs):
        assert sum(array.nbytes for array in item.data.values()) <= 2 * MEGABYTES, item.case.show()
        if isinstance(item.expected, ExpectedValue):
            assert item.expected.output.array.nbytes <= 4 * MEGABYTES, item.case.show()


@EVERY_API
def test_gradients_are_asked_of_everything_that_goes_in_with_an_upstream_of_the_output_s_shape(api: str) -> None:
    features: set[str] = set()
    for case, expected in exact(api, "gradients"):
        roles = {item.role for item in (*case.call.tensors(), *case.parameters)}
        assert set(case.differentiate) == roles >= {"input", "weight"}
        assert set(expected.outputs) == {OUTPUT, *(f"gradient of {role}" for role in roles)}
        assert case.upstream is not None
        assert case.upstream.shape == expected.output.array.shape
        features |= set((case.construct or case.call).bind(DIALECTS[api].signature))
    assert len(documented(api, "gradients")) == len(list(exact(api, "gradients")))
    wanted = {"stride", "padding", "dilation", "groups", "bias", "output_padding", "pad_mode"}
    grouped = {"groups"} - ({"groups"} if DIALECTS[api].grouped else set())
    assert {DIALECTS[api].own(name) for name in wanted - grouped if DIALECTS[api].offers(name)} <= features


@MOST_APIS
def test_gradients_have_both_kinds_of_data(api: str) -> None:
    kinds = [case.data for case in category(api, "gradients")]
    assert len(kinds) >= 40
    assert kinds.count("integers") >= 2 * kinds.count("normal") >= 20


@EVERY_API
def test_every_sum_of_integers_is_exact_in_its_element_type_forward_and_backward(api: str) -> None:
    met = set()
    for case, expected in itertools.chain(*(exact(api, name) for name in made(api).categories)):
        if case.data != "integers" or case.dtype == "bool" or case.device:
            continue
        limit = exact_limit({"complex64": "float32", "complex128": "float64"}.get(case.dtype, case.dtype))
        for name, output in expected.outputs.items():
            largest = np.max(output.result.magnitude, initial=0)
            assert largest <= limit, f"{name} of {case.show()}: {largest} exceeds {limit}"
            assert np.array_equal(output.array.astype(output.result.value.dtype), output.result.value)
        met.add(case.dtype)
    assert {"float32", "float16"} <= met


@MOST_APIS
def test_every_element_type_is_tried_and_floating_ones_are_differentiated(api: str) -> None:
    found = category(api, "element types")
    assert set(FLOATS) | set(COMPLEX) | set(WHOLE) == set(DTYPES)
    for dtype in DTYPES:
        cases = [case for case in found if {item.dtype for item in case.tensors()} == {dtype}]
        assert len({str(case.construct) + str(case.call) for case in cases}) >= 4, dtype
        assert {case.data for case in cases} == ({"integers"} if dtype in WHOLE else {"integers", "normal"})
        if DIALECTS[api].typed:
            assert all(case.construct and dict(case.construct.keyword)["dtype"] == Dtype(dtype) for case in cases)
    mixed = [case for case in found if len({item.dtype for item in case.tensors()}) > 1]
    assert len(mixed) == 2
    differentiated = {case.dtype for case in found if case.differentiate}
    refused = [item.case for item in documented(api, "element types") if is_refused(item)]
    excluded = {case.dtype for case in refused if case not in mixed}
    assert differentiated == set(FLOATS) - excluded


@EVERY_API
def test_special_data_hold_special_values(api: str) -> None:
    kinds: set[str] = set()
    for item in documented(api, "special values"):
        assert item.case.data == "special"
        found: set[str] = set()
        for array in item.data.values():
            wide = array.astype(np.float64)
            found |= {"nan"} if np.isnan(wide).any() else set()
            found |= {"infinite"} if np.isinf(wide).any() else set()
            found |= {"zero"} if (wide == 0).any() else set()
            found |= {"huge"} if (np.isfinite(wide) & (np.abs(wide) > 1e4)).any() else set()
            found |= {"tiny"} if ((wide != 0) & (np.abs(wide) < 1e-4)).any() else set()
        assert found, item.case.show()
        kinds |= found
    assert api not in MANY or (kinds >= {"zero", "tiny"} and kinds & {"nan", "infinite", "huge"})


@EVERY_API
def test_every_layout_is_tried_on_the_input_and_on_a_weight_that_is_an_argument(api: str) -> None:
    layouts: dict[str, set[str]] = {"input": set(), "weight": set(), "bias": set()}
    for case in category(api, "layouts"):
        (other,) = (item for item in case.tensors() if item.layout != "contiguous")
        layouts[other.role].add(other.layout)
    assert layouts["input"] == set(LAYOUTS)
    if not DIALECTS[api].loads and api in MANY:
        assert layouts["weight"] == {"strided", "transposed"}


@MOST_APIS
def test_shapes_at_the_edge_are_tried(api: str) -> None:
    axes = DIALECTS[api].axes
    found = documented(api, "edges")
    shapes = [next(item.shape for item in entry.case.call.tensors() if item.role == "input") for entry in found]
    assert any(shape[0] == 0 for shape in shapes)
    assert any(shape[0] > 0 and 0 in shape[2:] for shape in shapes)
    assert any(shape[2:] == (1,) * axes for shape in shapes)
    assert any(shape[-1] == 4096 for shape in shapes)
    assert any(shape[1] == 1 for shape in shapes)
    reasons = " ".join(getattr(entry.expected, "reason", "") for entry in found)
    told = str([entry.case.call.positional[2:] for entry in found])  # of a primitive that has to be told the lengths
    for length in (0, -1):
        assert f"have lengths {(length,) * axes}" in reasons or f", {length}" * axes in told
    assert sum(is_valid(entry) for entry in found) >= 7


@EVERY_API
def test_accumulations_sum_to_the_number_of_ones_between_two_powers_that_cancel(api: str) -> None:
    exponents: dict[str, set[int]] = {}
    for item in documented(api, "accumulation"):
        case, x = item.case, item.data["input"].astype(np.float64)
        assert case.data == "accumulate"
        assert x.shape[1] == 32
        assert set(x[:, 0].ravel()) == {2.0**case.amplitude} == set(-x[:, -1].ravel())
        assert np.all(x[:, 1:-1] == 1)
        exponents.setdefault(case.dtype, set()).add(case.amplitude)
    if api in MANY:
        assert exponents == {dtype: set(found) for dtype, found in EXPONENTS.items()}


@EVERY_API
def test_cases_of_a_device_name_it_and_its_switches(api: str) -> None:
    found = category(api, "devices")
    assert all(case.device == "cuda" for case in found)
    switches = {case.settings for case in found}
    if found:
        assert {(("tf32", True),), (("tf32", False),), (("deterministic", True),)} <= switches
        assert "float16" in {case.dtype for case in found}
        assert any(case.repeats == 2 and case.differentiate for case in found)
    for name, cases in made(api).categories.items():
        assert name in ("devices", "examples") or not any(case.device or case.settings for case in cases), name


@EVERY_API
def test_a_sample_of_initial_parameters_is_large_and_cheap(api: str) -> None:
    """20,000 weights tell laws apart, and 120,000 are made in a few milliseconds."""
    if not DIALECTS[api].loads:
        return
    sizes: dict[str, int] = {}
    for case in category(api, "initialised"):
        assert case.action == "initialise"
        assert case.construct is not None
        given = {**case.construct.bind(DIALECTS[api].signature), **({"in_channels": 1} if "Lazy" in api else {})}
        incoming, outgoing, kernel = (given[name] for name in ("in_channels", "out_channels", "kernel_size"))
        if "Lazy" in api:
            (x,) = case.call.tensors()
            incoming = x.shape[1]
        assert isinstance(incoming, int)
        assert isinstance(outgoing, int)
        groups = given.get(DIALECTS[api].own("groups"), 1)
        assert isinstance(groups, int)
        extents = kernel if isinstance(kernel, tuple) else (kernel,) * DIALECTS[api].axes
        weights = incoming * outgoing // groups * math.prod(extents)  # type: ignore[arg-type]
        constant = any(isinstance(given.get(name), int | float) for name in ("weight_init", "bias_init"))
        assert constant or 20_000 <= weights <= 120_000, case.show()
        sizes["bias"] = max(sizes.get("bias", 0), outgoing)
    assert sizes["bias"] >= 4096


@pytest.mark.parametrize("api", [api for api in MANY if DIALECTS[api].initialisers])
@pytest.mark.parametrize("name", ["weight_init", "bias_init"])
def test_every_documented_initializer_is_tried_in_every_spelling(api: str, name: str) -> None:
    given = [dict(case.construct.keyword).get(name) for case in category(api, "initialised") if case.construct]
    words = {"TruncatedNormal", "Normal", "Uniform", "HeUniform", "XavierUniform", "One", "Zero"}
    words |= {"xavier_uniform", "he_uniform", "ones", "zeros"}
    assert {spelled for word in words for spelled in (word, word.lower(), word.upper())} <= {
        item for item in given if isinstance(item, str)
    }
    assert {type(item) for item in given} >= {int, float, Instance}


def kinds_of(value: object) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "nested"
    if type(value) is int and abs(value) >= 2**31:
        return "huge"
    return type(value).__name__


@MOST_APIS
def test_every_parameter_and_tensor_is_given_every_wrong_type(api: str) -> None:
    dialect = DIALECTS[api]
    found: dict[str, set[str]] = {}
    tensors = {"input", "inputs", "weight"} | (set() if dialect.loads else {"bias"})
    for case in category(api, "invalid"):
        given = (case.construct or case.call).bind(dialect.signature)
        for name, value in given.items():
            found.setdefault(name, set()).add(kinds_of(value))
    for common in ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups"):
        if dialect.offers(common):
            types = found[dialect.own(common)]
            wanted = {"float", "str", "NoneType", "list", "bool", "Scalar", "Tensor", "nested", "huge"}
            assert wanted <= types, f"{common}: {wanted - types}"
    assert set(dialect.signature) - tensors <= set(found), "no wrong value for some parameter"


@MOST_APIS
def test_every_tensor_is_replaced_by_what_is_none_and_by_wrong_shapes(api: str) -> None:
    dialect = DIALECTS[api]
    called = [
        dict(zip(("input", "weight", "bias"), case.call.positional, strict=False)) | dict(case.call.keyword)
        for case in category(api, "invalid")
    ]
    roles = ["input"] + ([] if dialect.loads else ["weight"])
    roles += ["bias"] if dialect.kind == "function" and dialect.offers("bias") else []
    for role in roles:
        values = [given[role] for given in called if role in given]
        types = {type(value) for value in values}
        assert {float, str, list} <= types
        assert role == "bias" or type(None) in types
        shapes = {value.shape for value in values if isinstance(value, Tensor) and value.role == role}
        assert len({len(shape) for shape in shapes}) >= 2 + (role == "input")
        assert len(shapes) >= 4


@EVERY_API
def test_no_invalid_call_differs_from_a_valid_one_in_more_than_one_value(api: str) -> None:
    """Against the plain and the busy call: what is replaced is one argument or one tensor."""
    for item in documented(api, "invalid"):
        assert not item.case.differentiate
        assert not item.case.parameters
        assert item.case.data == "integers"


@EVERY_API
def test_slow_modes_run_few_calls_with_gradients_and_every_feature_among_them(api: str) -> None:
    dialect = DIALECTS[api]
    found = category(api, "slow")
    assert all(case.action == "call" and not case.device for case in found)
    bound = [set((case.construct or case.call).bind(dialect.signature)) for case in found]
    wanted = ("stride", "padding", "dilation", "bias", "output_padding", "pad_mode")
    assert {dialect.own(name) for name in wanted if dialect.offers(name)} <= bound[0]
    most = 1 if dialect.few else 2 if dialect.kind == "lazy" else 16 if dialect.framework == "mindspore" else 8
    assert len({case.id for case in found}) <= most
    if not dialect.few:
        assert any(case.differentiate for case in found)


@MOST_APIS
def test_slow_modes_meet_every_level_of_every_factor(api: str) -> None:
    dialect = DIALECTS[api]
    if dialect.kind == "lazy":
        return
    array = covering(factors(dialect, 0), requirements(dialect), strength=1, seed=0)
    wanted = {spelled(dialect, configured(dialect, row)).id for row in array.rows}
    found = {replace(item, differentiate=(), upstream=None).id for item in category(api, "slow")}
    assert wanted <= found
