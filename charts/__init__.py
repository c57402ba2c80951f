"""The VKM environment: one chart for each service."""

import vkm_constructs  # noqa: F401 - before any chart imports cdk8s: it chooses the Node.js that jsii runs on
