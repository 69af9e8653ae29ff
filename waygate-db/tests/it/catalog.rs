//! Catalogs: read, compared, and turned into one another.

mod plans;
mod torture;
