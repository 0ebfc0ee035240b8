"""Placeholders allowed in the texts of a scenario file: details of the message, and
nothing else.

A file is untrusted. Its placeholders are parsed, never run: whoever imports it, a text
with an unlisted placeholder is refused. Plain Python, no model.
"""

import ast

from lxml import etree, html

# Values that a text may insert, as written there.
PATHS = frozenset(
    f"object.{path}"
    for path in (
        "amount_short_text",
        "amount_text",
        "answer_html",
        "claim_count",
        "colleague_html",
        "collector_id.email",
        "collector_id.email_formatted",
        "collector_id.name",
        "collector_id.phone",
        "collector_name",
        "company_id.account_fiscal_country_id.code",
        "company_id.city",
        "company_id.country_id.code",
        "company_id.country_id.name",
        "company_id.email",
        "company_id.email_formatted",
        "company_id.name",
        "company_id.phone",
        "company_id.street",
        "company_id.vat",
        "company_id.website",
        "company_id.zip",
        "contact_id.lang",
        "contact_id.name",
        "credits_text",
        "days_late",
        "due_short_text",
        "due_text",
        "greeting",
        "history_text",
        "indemnity_text",
        "interest_text",
        "invoice_names",
        "is_last_reminder",
        "is_oversight_possible",
        "kind",
        "law_html",
        "legal_basis_text",
        "legal_claim_html",
        "legal_total_text",
        "next_due_date",
        "oldest_due_date",
        "paid_text",
        "partner_id.is_company",
        "partner_id.lang",
        "partner_id.name",
        "partner_id.ref",
        "payment_html",
        "payment_reference",
        "payment_url",
        "principal_text",
        "request_date",
        "request_html",
        "salesperson_id.email",
        "salesperson_id.name",
        "salesperson_id.phone",
        "salesperson_text",
        "satisfaction_html",
        "short_items_text",
        "short_payment_text",
        "signature_html",
        "statement_html",
        "step_id.name",
        "thanks_text",
        "totals_text",
    )
)
DATES = frozenset(
    f"object.{name}" for name in ("next_due_date", "oldest_due_date", "request_date")
)
DATE_FORMATS = ("short", "medium", "long", "full")
# Attributes that show or hide a paragraph.
CONDITIONS = ("t-if", "t-elif")
LONGEST_PLACEHOLDER = 300


def find_unknown_placeholder(text, engine):
    """Return the first forbidden placeholder of a text, None without one.

    :param engine: Odoo's render engine for the text: `qweb` or `inline_template`
    """
    if engine == "inline_template":
        return _find_in_line(text)
    try:
        root = html.fragment_fromstring(text, create_parent="div")
        return _find_in_tree(root)
    except (ValueError, AssertionError, RecursionError, etree.LxmlError):
        return text


def _find_in_line(text):
    """Return the first forbidden placeholder between double braces, splitting the text
    from one to the next: on a text of nothing but braces, a pattern would search for
    the end again and again."""
    for part in text.split("{{")[1:]:
        expression, end, _rest = part.partition("}}")
        value = expression.partition("|||")[0]
        if not end or "\n" in expression or not is_known(value):
            return "{{" + expression + end
    return None


def _find_in_tree(root):
    for node in root.iter(etree.Element):
        for name, value in node.attrib.items():
            if not name.startswith("t-") and name != "groups":
                continue
            is_allowed = (
                (name == "t-out" and is_known(value))
                or (name in CONDITIONS and is_known(value, is_condition=True))
                or (name == "t-else" and not value)
            )
            if not is_allowed:
                return f'{name}="{value}"'
    return None


def is_known(expression, is_condition=False):
    """Return whether an expression uses nothing but listed details.

    :param is_condition: whether it is a condition, which may compare details

    >>> is_known("object.greeting"), is_known("object.env")
    (True, False)
    >>> is_known("format_date(object.request_date, date_format='long')")
    True
    >>> is_known("object.collector_id.phone or object.company_id.phone or ''")
    True
    >>> is_known("object.kind == 'notice'", is_condition=True)
    True
    """
    if len(expression) > LONGEST_PLACEHOLDER:
        return False
    try:
        node = ast.parse(expression.strip(), mode="eval").body
        return _is_condition(node) if is_condition else _is_value(node)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False


def _is_value(node):
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.Attribute():
            return ast.unparse(node) in PATHS
        case ast.BoolOp(op=ast.Or(), values=values):
            return all(map(_is_value, values))
        case ast.Call(func=ast.Name(id="format_date"), args=[day], keywords=keywords):
            return ast.unparse(day) in DATES and all(map(_is_date_format, keywords))
    return False


def _is_date_format(keyword):
    match keyword:
        case ast.keyword(arg="date_format", value=ast.Constant(value=value)):
            return value in DATE_FORMATS
    return False


def _is_condition(node):
    match node:
        case ast.BoolOp(values=values):
            return all(map(_is_condition, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_condition(operand)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            return _is_value(left) and isinstance(right, ast.Constant)
    return _is_value(node)
