"""Operations of a step that draw random numbers, wherever a model's code hides them.

A layer's class says little: a subclass of Dropout, a Lambda or a layer of the user's own draws by
operations of its own. So the graph of a step that was given its masks is looked through, and what
it calls. What makes initial weights and what the optimizer does are no part of that graph.
"""

from typing import Any, Dict, Iterable, Iterator, List, Optional, Set, Tuple  # noqa: F401

#: What draws at each call, with a state of its own or with a seed that somebody gives.
_DRAWING = frozenset(
    (
        "AnonymousRandomSeedGenerator",
        "FixedUnigramCandidateSampler",
        "LearnedUnigramCandidateSampler",
        "LogUniformCandidateSampler",
        "Multinomial",
        "NonDeterministicInts",
        "ParameterizedTruncatedNormal",
        "RandomCrop",
        "RandomGamma",
        "RandomPoisson",
        "RandomPoissonV2",
        "RandomShuffle",
        "RandomStandardNormal",
        "RandomUniform",
        "RandomUniformInt",
        "SampleDistortedBoundingBox",
        "SampleDistortedBoundingBoxV2",
        "StatefulRandomBinomial",
        "StatefulStandardNormal",
        "StatefulStandardNormalV2",
        "StatefulTruncatedNormal",
        "StatefulUniform",
        "StatefulUniformFullInt",
        "StatefulUniformInt",
        "StatelessMultinomial",
        "StatelessParameterizedTruncatedNormal",
        "StatelessSampleDistortedBoundingBox",
        "StatelessShuffle",
        "ThreadUnsafeUnigramCandidateSampler",
        "TruncatedNormal",
        "UniformCandidateSampler",
        "XlaRngBitGenerator",
        "XlaRngUniform",
    )
)
#: Of these there are several for each law, and a V2 or V3 of most.
_DRAWING_AS = ("StatelessRandom", "StatelessTruncatedNormal")
#: What makes a key for those.
_PREPARING = "StatelessRandomGet"
#: Kernels of whole recurrent layers, which draw when they drop.
_DROPPING = ("CudnnRNN", "CudnnRNNV2", "CudnnRNNV3")

#: What runs Python, where nobody sees whether it draws.
PYTHON = ("EagerPyFunc", "PyFunc", "PyFuncStateless")

#: An operation's name and its type.
Draw = Tuple[str, str]


def in_graph(graph: Any) -> List[Draw]:
    """Return what draws in a graph, and in what it calls."""
    return list(_drawing([op.node_def for op in graph.get_operations()], graph))


def behind(graph: Any, ends: Iterable[Any]) -> List[Draw]:
    """Return what draws among all that these tensors and operations of a graph are computed from.

    A graph of 1.x holds what makes the initial weights too; nothing is computed from that.
    """
    return list(_drawing([op.node_def for op in ops_behind(ends)], graph))


def ops_behind(ends: Iterable[Any]) -> List[Any]:
    """Return the operations that these tensors and operations are computed from, by name."""
    seen = {}  # type: Dict[str, Any]
    open_ends = [getattr(end, "op", end) for end in ends]
    while open_ends:
        op = open_ends.pop()
        if op.name not in seen:
            seen[op.name] = op
            open_ends.extend(each.op for each in op.inputs)
            open_ends.extend(op.control_inputs)
    return [seen[name] for name in sorted(seen)]


def _drawing(nodes: Iterable[Any], graph: Any) -> Iterator[Draw]:
    library = {each.signature.name: each for each in graph.as_graph_def().library.function}
    called = set()  # type: Set[str]
    waiting = [("", list(nodes))]
    while waiting:
        function, own = waiting.pop()
        for node in own:
            if _draws(node):
                yield function + node.name, node.op
            for name in _called(node):
                if name in library and name not in called:
                    called.add(name)
                    waiting.append((name + "/", list(library[name].node_def)))


def _draws(node: Any) -> bool:
    if node.op in _DROPPING:
        return bool(node.attr["dropout"].f > 0)
    if node.op.startswith(_PREPARING):
        return False
    return node.op in _DRAWING or node.op in PYTHON or node.op.startswith(_DRAWING_AS)


def _called(node: Any) -> Iterator[str]:
    """Yield the functions that an operation calls: by its attributes, or by its own type."""
    yield node.op
    for value in node.attr.values():
        kind = value.WhichOneof("value")  # type: Optional[str]
        if kind == "func":
            yield value.func.name
        elif kind == "list":
            for each in value.list.func:
                yield each.name
