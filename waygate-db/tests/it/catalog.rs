//! Catalogs: read, compared, and turned into one another.

mod changes;
mod dump;
mod graph;
mod plans;
mod random;
mod settling;
mod torture;
