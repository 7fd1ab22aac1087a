"""The door for DMN files: size, DOCTYPE, entities, network and root element are checked first."""

from lxml import etree

from engine.errors import Invalid, Problem

MAX_SIZE = 2 * 1024 * 1024

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)


def parse(xml: bytes, where: str) -> etree._Element:
    """The `definitions` element of a DMN 1.1–1.5 file. Raises Invalid("decisions.unreadable")."""
    if len(xml) > MAX_SIZE:
        raise refused(where, Problem("decisions.too_large", where, {"size": len(xml), "limit": MAX_SIZE}))
    if b"<!DOCTYPE" in xml:
        raise refused(where, Problem("decisions.doctype", where))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refused(where, Problem("decisions.xml", where, {"reason": str(error)})) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise refused(where, Problem("decisions.doctype", where))
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise refused(where, Problem("decisions.not_dmn", where, {"found": root.tag}))
    return root


def refused(where: str, *problems: Problem) -> Invalid:
    """The error for a file that cannot be used, with all its problems."""
    return Invalid("decisions.unreadable", problems=problems, where=where, count=len(problems))


def local_name(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(etree.QName(element).localname)


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """The child elements in DMN's own namespace, of these local names or of any."""
    namespace = etree.QName(element).namespace
    return [
        child
        for child in element
        if isinstance(child.tag, str)
        and etree.QName(child).namespace == namespace
        and (not names or local_name(child) in names)
    ]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child element of that name in DMN's own namespace."""
    found = children(element, name)
    return found[0] if found else None


def text_of(element: etree._Element | None) -> str:
    """The content of the `text` child, or the element's own when there is none."""
    if element is None:
        return ""
    inner = child(element, "text")
    return "".join((element if inner is None else inner).itertext()).strip()


def identity(element: etree._Element) -> str:
    """The id for a message: its own, else its name, else that of the nearest element around it."""
    here: etree._Element | None = element
    while here is not None:
        found = here.get("id") or here.get("name")
        if found:
            return str(found)
        here = here.getparent()
    return ""
