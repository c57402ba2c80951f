"""The app that the tests look at."""

import pytest
from vkm_constructs import App

from guestbook import GuestbookChart


@pytest.fixture(scope="session")
def app() -> App:
    app = App()
    GuestbookChart(app)
    return app
