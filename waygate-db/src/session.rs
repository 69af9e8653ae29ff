//! Who may touch which data: [`Db`], [`TenantScope`], [`ServiceScope`] and [`Transaction`].
//!
//! A handle is cheap to clone, works by `&self` and owns what it needs. Each verb asks its session for an *access*, as a
//! type: [`SharedData`], [`TenantData`], [`OneTenant`] or [`ServiceOnly`]. A handle that does not carry it does not
//! compile.
//!
//! A statement goes through these files: the handle says on whose behalf it runs (`tenant`, `service`, `anonymous`),
//! `opening` what is set for that, by the roles and seals of `identity`, and `flight` sends it all in one round trip.
//! `login` checks each pool's login once, `authenticate` finds a tenant by a key or token. [`Maintenance`], `direct`
//! and `ear`, which hears of changed data keys, are single connections beside the pools.

mod access;
mod anonymous;
mod authenticate;
mod config;
mod db;
mod direct;
mod ear;
mod flight;
mod identity;
mod login;
mod maintenance;
mod notices;
mod opening;
mod refusal;
mod service;
mod tenant;
mod transaction;

pub use crate::pool::Statements;
pub use access::{CarriedBy, Executor, OneTenant, ServiceOnly, Session, SharedData, TenantData};
pub use anonymous::AnonymousScope;
pub use config::Config;
pub use db::Db;
pub use maintenance::Maintenance;
pub use service::ServiceScope;
pub use tenant::TenantScope;
pub use transaction::Transaction;

pub(crate) use direct::{Direct, TextRow};
pub(crate) use flight::{RawRow, Reply};
pub(crate) use maintenance::{OWNER_AGAIN, Tuple};
pub(crate) use refusal::Refusal;
