"""What an app makes, and whether it is right."""

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from vkm_manifests.testing.names import distinct

if TYPE_CHECKING:
    import cdk8s

Manifest: TypeAlias = dict[str, Any]
"""One Kubernetes object as plain data."""

Manifests: TypeAlias = dict[str, Manifest]
"""Objects by `namespace/Kind/name`, without a namespace for what has none."""


def manifests_of(app: "cdk8s.App") -> Manifests:
    """Every object of an app as it would be written, after overrides; nothing is written.

    Args:
        app: a `vkm_constructs.App`, or any other `cdk8s.App`.

    Raises:
        TypeError: it is another app.
        ValueError: two objects are the same one; or an override has no place.
    """
    manifests = _read(app)
    names = list(map(str, distinct(manifests)))
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValueError(f"made twice: {', '.join(twice)}")
    return dict(zip(names, manifests, strict=True))


def assert_verified(app: "cdk8s.App") -> None:
    """Fail unless an app's manifests are right together, as at synth; warnings go to standard error.

    Args:
        app: a `vkm_constructs.App`, or any other `cdk8s.App`.

    Raises:
        AssertionError: what is wrong, as synth says it: each finding at the line that made its object.
    """
    __tracebackhide__ = True
    # Imported here, as below: it starts jsii, which runs already where there is an app.
    from vkm_constructs.errors import SynthError
    from vkm_constructs.verification import settle

    try:
        settle(app, _read(app))
    except SynthError as error:
        raise AssertionError(str(error)) from None


def _read(app: "cdk8s.App") -> list[Manifest]:
    import cdk8s

    from vkm_constructs.app import App
    from vkm_constructs.verification import serialize

    if not isinstance(app, cdk8s.App):
        raise TypeError(f"a {type(app).__name__} is no cdk8s.App")
    charts = app.manifests() if isinstance(app, App) else serialize(app)
    return [manifest for found in charts.values() for manifest in found]
