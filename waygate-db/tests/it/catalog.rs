//! Catalogs: read, compared, and turned into one another.

mod changes;
mod dump;
mod plans;
mod settling;
mod torture;
