//! Which servers the library works with.

use crate::error::{Error, Kind};

/// The oldest major version.
pub(crate) const OLDEST_SERVER: u32 = 15;

/// The refusal of an older server, which calls itself by this version.
pub(crate) fn too_old(version: &str) -> Error {
    Error::new(
        Kind::ServerTooOld,
        format!("the server is PostgreSQL {version}, and {OLDEST_SERVER} is the oldest that works"),
    )
    .help(format!("upgrade the server, or point the URL at one of version {OLDEST_SERVER} or later"))
}
