//! What becomes of a data key: made, replaced, wrapped anew, removed, destroyed.

mod init;
mod list;
mod retire;
mod rewrap;
mod rotate;
mod shred;

use crate::crypto::{DataKey, KeyId, KeyProvider, KeyPurpose, KeyScope, WrapRequest, WrappedKey};
use crate::error::{Error, Kind, Result};
use crate::session::Executor;
use crate::sql::Statement;
use crate::value::Param;

pub use init::{Made, init};
pub use list::{KeyEntry, OLD, list};
pub use retire::{Retire, Retired, retire};
pub use rewrap::{Rewrapped, rewrap};
pub use rotate::{Rotated, Which, rotate};
pub use shred::{Shredded, shred};

const NEXT_VERSION: &str =
    "SELECT coalesce(max(version), 0) + 1 FROM waygate.data_keys WHERE scope = $1 AND purpose = $2";

/// Tells every process that holds the key to forget it, when the transaction commits.
const NOTIFY: &str = "SELECT pg_notify('waygate_keys', $1)";

/// A new key of this scope and purpose, wrapped and not stored.
async fn forge<S: Executor>(
    session: &S,
    provider: &dyn KeyProvider,
    scope: KeyScope,
    purpose: KeyPurpose,
) -> Result<(DataKey, WrappedKey)> {
    let params = vec![Param::of(&scope.to_string())?, Param::of(&i16::from(purpose.code()))?];
    let version = session.run(Statement::read(NEXT_VERSION, params)).await?.one()?.value::<i32>(0)?;
    let key = DataKey::generate(scope, purpose, version)?;
    let wrapped = provider.wrap_keys(&[WrapRequest::from(&key)]).await?.pop().ok_or_else(|| {
        Error::new(Kind::Key, format!("the key provider \"{}\" wrapped nothing", provider.id()))
            .help("its `wrap_keys` must answer every request")
    })?;
    Ok((key, wrapped))
}

/// Tells every process about a change of this key.
async fn notify<S: Executor>(session: &S, key: &KeyId) -> Result<()> {
    session.run(Statement::write(NOTIFY, vec![Param::of(&key.to_string())?])).await.map(drop)
}

/// What a purpose is called.
pub(super) fn purpose_name(purpose: KeyPurpose) -> &'static str {
    match purpose {
        KeyPurpose::Encrypt => "encrypt",
        KeyPurpose::Index => "index",
    }
}
