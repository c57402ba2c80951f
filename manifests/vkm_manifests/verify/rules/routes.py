"""Routes and certificates: each host is served, with a certificate that is its own."""
