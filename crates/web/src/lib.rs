//! The pages of Attest: maud views, forms, embedded assets. Thin over app.
