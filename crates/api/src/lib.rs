//! The REST API of Attest: routes, bodies, error envelope. Thin over app.
