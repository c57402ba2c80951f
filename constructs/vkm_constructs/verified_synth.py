"""verified_synth: verification for a cdk8s app that is not ours."""

import sys

import cdk8s

from vkm_constructs.app import App
from vkm_constructs.errors import SynthError
from vkm_constructs.outdir import OutdirError
from vkm_constructs.verification import serialize, settle


def verified_synth(app: cdk8s.App) -> None:
    """In place of `app.synth()`: verifies the manifests of any cdk8s app, whatever made them, then writes them.

    ```python
    app = cdk8s.App()
    MyChart(app, "shop")
    verified_synth(app)
    ```

    Args:
        app: the app, with all of its charts.

    Warnings go to standard error. Errors end the program with their text and exit code 1; then nothing is written.
    """
    try:
        if not isinstance(app, App):
            settle(app, [manifest for found in serialize(app).values() for manifest in found])
        app.synth()
    except (SynthError, OutdirError) as error:
        sys.exit(str(error))
