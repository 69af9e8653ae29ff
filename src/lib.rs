//! The data layer of Waygate, an integration gateway: its six models, their migrations and development data.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/encryption.md")]
struct Readme;

pub mod measure;
pub mod models;
pub mod seed;
pub mod tenants;

use waygate_db::migrate::{Embedded, History};

/// The migrations, as they were when this crate was compiled.
pub static MIGRATIONS: &Embedded = waygate_db::migrations!("migrations");

/// The migrations for other kinds of server, each kind with a folder of its own.
pub static DIALECTS: &[History] = &[
    History { dialect: "citus", migrations: waygate_db::migrations!("migrations-citus") },
    History { dialect: "sealed", migrations: waygate_db::migrations!("migrations-sealed") },
    History { dialect: "supabase", migrations: waygate_db::migrations!("migrations-supabase") },
];
