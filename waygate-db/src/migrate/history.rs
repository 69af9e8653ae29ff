//! The migrations of one kind of server.

use super::embedded::Embedded;

/// The migrations for one other kind of server than plain PostgreSQL: each kind has a history of its own, in a folder of
/// its own, because its tables were made by other DDL.
///
/// ```
/// use waygate_db::migrate::{Embedded, History};
///
/// // In a project: `waygate_db::migrations!("migrations-supabase")`.
/// let history = History { dialect: "supabase", migrations: Embedded::NONE };
/// # assert!(history.migrations.is_empty());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct History {
    /// The kind of server, as `--dialect` names it.
    pub dialect: &'static str,
    /// Its migrations.
    pub migrations: &'static Embedded,
}
