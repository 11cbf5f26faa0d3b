"""Names that could harm a page which shows them without escaping."""

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "evil \u202egnirts\u202c \u2066turned\u2069 \u200f",
    "x" * 10_000,
    "\u0007 control \x1b[31m",
    "'; DROP TABLE queue; --",
)
