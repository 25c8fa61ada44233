"""The shape of a chain: no item of itself, no circle of kinds or owners, and an end."""

from collections.abc import Mapping, Sequence

from chains.checks.places import Placed, error
from chains.errors import ChainDataError, Place, Problem, Severity
from chains.model import ChainFolder, Relation
from chains.union import end_products


def check_self_links(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find links from an item to itself and firms that are their own parent.

    Parameters
    ----------
    folders
        Folders to look at.

    Returns
    -------
    list of Problem
        One error per row.
    """
    links = [
        error(
            "self-link",
            f"{link.input_item_id} is linked to itself; delete the row or correct an id",
            (link,),
            zh=f"{link.input_item_id} 连到了自己;请删除该行或改正一个编号",
        )
        for folder in folders
        for link in folder.links
        if link.input_item_id == link.output_item_id
    ]
    firms = [
        error(
            "self-parent",
            f"{supplier.supplier_id} is its own parent; leave parent blank",
            (supplier,),
            zh=f"{supplier.supplier_id} 的母公司是它自己;请把 parent 留空",
        )
        for folder in folders
        for supplier in folder.suppliers
        if supplier.parent == supplier.supplier_id
    ]
    return links + firms


def check_loops(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find items that are kinds of each other in a circle, and firms that own each other.

    Parameters
    ----------
    folders
        All folders that are scored together.

    Returns
    -------
    list of Problem
        One error per circle, naming its rows. Circles through inputs are normal: chips make the
        tools that make chips.
    """
    kinds: dict[str, dict[str, Placed]] = {}
    owners: dict[str, dict[str, Placed]] = {}
    for folder in folders:
        for link in folder.links:
            if link.relation is Relation.VARIANT_OF:
                kinds.setdefault(link.input_item_id, {})[link.output_item_id] = link
        for supplier in folder.suppliers:
            if supplier.parent:
                owners.setdefault(supplier.supplier_id, {})[supplier.parent] = supplier
    return [
        *_report_circles(
            kinds,
            "variant-loop",
            "are kinds of each other in a circle; delete one variant_of",
            zh="互为变型,成了环;请删除一个 variant_of",
        ),
        *_report_circles(
            owners,
            "parent-loop",
            "own each other in a circle; correct a parent",
            zh="互为母公司,成了环;请改正一个 parent",
        ),
    ]


def _report_circles(
    graph: Mapping[str, Mapping[str, Placed]], code: str, remedy: str, *, zh: str
) -> list[Problem]:
    return [
        error(
            code,
            f"{', '.join(circle)} {remedy}",
            [graph[a][b] for a, b in _pairs(circle)],
            zh=f"{'、'.join(circle)} {zh}",
        )
        for circle in _find_circles(graph)
        if len(circle) > 1
    ]


def _pairs(circle: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(circle, (*circle[1:], circle[0]), strict=True))


def _find_circles(graph: Mapping[str, Mapping[str, Placed]]) -> list[list[str]]:
    """Return the circles that a depth-first walk closes, one at least where there is any."""
    circles: list[list[str]] = []
    done: set[str] = set()
    for start in sorted(graph):
        trail: list[str] = []
        position: dict[str, int] = {}
        stack = [] if start in done else [(start, iter(sorted(graph[start])))]
        if stack:
            _enter(start, trail, position)
        while stack:
            node, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                stack.pop()
                done.add(node)
                del position[trail.pop()]
            elif target in position:
                circles.append(trail[position[target] :])
            elif target in graph and target not in done:
                _enter(target, trail, position)
                stack.append((target, iter(sorted(graph[target]))))
    return circles


def _enter(node: str, trail: list[str], position: dict[str, int]) -> None:
    position[node] = len(trail)
    trail.append(node)


def check_end_products(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find chains that end in nothing.

    Parameters
    ----------
    folders
        Folders to look at; each is judged by its own items and links.

    Returns
    -------
    list of Problem
        One error per chain without an end product or whose weights sum to 0.
    """
    problems = []
    for folder in folders:
        weighted = [item for item in folder.items if item.weight is not None]
        if weighted and not any(item.weight for item in weighted):
            message = "the weights of the end products sum to 0; give one of them a positive weight"
            zh = "终端产品的权重合计为 0;请给其中一个填正的权重"
            problems.append(error("no-end-product", message, weighted, zh=zh))
            continue
        try:
            end_products(folder)
        except ChainDataError as broken:
            place = Place(f"{folder.chain.chain_id}/items.csv", 0)
            problems.append(
                Problem(
                    Severity.ERROR,
                    "no-end-product",
                    broken.message,
                    (place,),
                    message_zh=broken.message_zh,
                )
            )
    return problems
