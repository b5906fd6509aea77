"""What can go wrong, without a word of HTTP."""


class AllocatorError(Exception):
    """Base of every error that this package raises for its user to read."""


class UnreadableFile(AllocatorError):
    """A file is missing, is not what it should be, or is of a version we do not read."""


class UnwritableFile(AllocatorError):
    """A file or a folder cannot be written: no right, no room, or something else stands there."""


class PolicyError(AllocatorError):
    """A policy file is incomplete, has a value out of range, or names something unknown."""


class ModelError(AllocatorError):
    """The solver's model broke one of its own rules: our fault, never the user's."""
