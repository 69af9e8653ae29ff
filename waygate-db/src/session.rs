//! Connections with a purpose.

mod maintenance;
mod refusal;

pub use maintenance::Maintenance;
pub(crate) use maintenance::{OWNER_AGAIN, Tuple};
pub(crate) use refusal::Refusal;
