"""Wrong input: what a command cannot read."""

import click


class WrongInputError(click.ClickException):
    """What cannot be read: as wrong use, it is no finding."""

    exit_code = 2
