"""Documents that were made to hurt, and the code each is refused with."""


def chain(length: int, spread: str = "...F{}") -> str:
    """Write fragments that each hold the next."""
    links = "".join(
        f"fragment F{i} on Person {{ {spread.replace('{}', str(i + 1))} }} " for i in range(length)
    )
    return f"{{ me {{ ...F0 }} }} {links} fragment F{length} on Person {{ name }}"


def nested(depth: int) -> str:
    return "{ me " + "{ friend " * depth + "{ name }" + "}" * (depth + 1)


CYCLE = """
  { me { ...A } }
  fragment A on Person { friend { ...B } }
  fragment B on Person { friend { ...A } }
"""
HOSTILE = {
    "10,000 aliases": ("{" + "".join(f"a{i}: hello " for i in range(10_000)) + "}", "COMPLEX"),
    "500 duplicate fields": ("{ me {" + "name " * 500 + "} }", "COMPLEX"),
    "objects again and again": ("{" + "me { friend { name } } " * 300 + "}", "COMPLEX"),
    "many fragments": (
        "{ me {"
        + "".join(f"...F{i} " for i in range(200))
        + "} }"
        + "".join(f"fragment F{i} on Person {{ name }} " for i in range(200)),
        "COMPLEX",
    ),
    "80,000 tokens": ("{" + "me " * 80_000 + "}", "COMPLEX"),
    "100,000 comments": ("#\n" * 100_000 + "{ hello }", "COMPLEX"),
    "nested 10,000 deep": (nested(10_000), "DEEP"),
    "100,000 braces": ("{" * 100_000, "DEEP"),
    "a list 100,000 deep": ("{ hello(name: " + "[" * 100_000, "DEEP"),
    "a type 100,000 deep": ("query($a: " + "[" * 100_000, "DEEP"),
    "a chain of 5,000 fragments": (chain(5_000), "COMPLEX"),
    "a chain of 100 fragments": (chain(100), "DEEP"),
    "doubling fragments": (chain(25, "...F{} ...F{}"), "COMPLEX"),
    "doubling aliases": (chain(13, "a: friend { ...F{} } b: friend { ...F{} }"), "COMPLEX"),
    "doubling in disguise": (
        chain(40, "... { ...F{} } ... on Person { ...F{} }"),
        "COMPLEX",
    ),
    "a document of 1,000,000 characters": ("{ hello }" + " " * 1_000_000, "COMPLEX"),
    "an open string": ('{ hello(name: "' + "a" * 200_000, "PARSE"),
    "an open block string": ('{ hello(name: """' + 'a"' * 100_000, "COMPLEX"),
    "backslashes": ('{ hello(name: "' + "\\" * 199_999, "COMPLEX"),
    "quotes": ('"' * 200_001, "COMPLEX"),
    "blanks": ("{ hello " + " \n" * 120_000, "PARSE"),
    "introspection in circles": (
        "{ __schema { types {" + "fields { type {" * 20 + "name" + "} }" * 20 + "} } }",
        "VALIDATION",
    ),
    "cyclic fragments": (CYCLE, "VALIDATION"),
    "an unknown fragment": ("{ me { ...A } } fragment A on Person { ...X }", "VALIDATION"),
    "a fragment in itself": ("{ me { ...A } } fragment A on Person { ...A }", "VALIDATION"),
    "700 unknown fields": ("{ me {" + "".join(f"x{i} " for i in range(700)) + "} }", "VALIDATION"),
    "700 variables": (
        "query (" + "".join(f"$v{i}: Int " for i in range(700)) + ") { hello }",
        "VALIDATION",
    ),
    "400 directives": ("{ hello " + "@include(if: true) " * 400 + "}", "VALIDATION"),
    "400 operations": ("".join(f"query Q{i} {{ hello }} " for i in range(400)), "BAD_REQUEST"),
}
CODES = {
    "COMPLEX": "QUERY_TOO_COMPLEX",
    "DEEP": "QUERY_TOO_DEEP",
    "PARSE": "GRAPHQL_PARSE_FAILED",
    "VALIDATION": "GRAPHQL_VALIDATION_FAILED",
    "BAD_REQUEST": "BAD_REQUEST",
}
