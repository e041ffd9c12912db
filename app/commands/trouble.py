"""What the person at the command line can mend."""


class Trouble(Exception):
    """A command cannot go on; the text is one line: what is wrong, and what to do."""
