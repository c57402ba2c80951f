"""Writes the manifests to `dist/`."""

from vkm_constructs import App

from guestbook import GuestbookChart

with App() as app:
    GuestbookChart(app)
