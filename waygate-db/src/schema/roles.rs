//! The names of the library's roles, in one place: DDL grants to them, sessions check them, and `local::roles` makes
//! them.

/// Owns databases, schemas and everything in them; cannot log in.
pub const OWNER: &str = "waygate_owner";
/// The login of migrations, and the only member of the owner.
pub const MIGRATOR: &str = "waygate_migrator";
/// The login of tenants' sessions.
pub const APP: &str = "waygate_app";
/// The login of the service's own sessions, which see every tenant.
pub const SERVICE: &str = "waygate_service";
/// Owns the function that finds a tenant by its API key; cannot log in.
pub const LOGIN: &str = "waygate_login";
