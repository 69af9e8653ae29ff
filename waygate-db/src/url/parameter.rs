//! The parameters after a URL's `?`: the driver's, those of poolers and other clients, and what needs TLS.

use super::parse::malformed;
use crate::error::{Error, Result};

/// Announces a transaction pooler, which keeps no named statements.
pub(super) const PGBOUNCER: &str = "pgbouncer";
/// The most connections of a pool.
pub(super) const CONNECTION_LIMIT: &str = "connection_limit";
/// How many seconds a call waits for a connection of the pool.
pub(super) const POOL_TIMEOUT: &str = "pool_timeout";

/// Parameters of the driver; each name is known, so a message may repeat it.
const DRIVER: &[&str] = &[
    "application_name",
    "channel_binding",
    "connect_timeout",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
];

/// Parameters that stand in the URLs which hosts and other clients hand out; the driver never sees them.
///
/// `supa` and `workaround` name the integration that made a Supabase URL, and change nothing.
const OWN: &[&str] = &[PGBOUNCER, CONNECTION_LIMIT, POOL_TIMEOUT, "schema", "supa", "workaround"];

/// Parameters that mean nothing without TLS, and must not be dropped in silence.
const TLS: &[&str] = &[
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslaccept",
    "sslcert",
    "sslcertmode",
    "sslcrl",
    "sslcrldir",
    "sslidentity",
    "sslkey",
    "sslpassword",
    "sslrootcert",
];

/// Whether the driver reads this parameter.
pub(super) fn is_drivers(name: &str) -> bool {
    !OWN.contains(&name)
}

/// The parameter as it is kept; the driver's own values are checked by the driver.
pub(super) fn read(name: &str, value: String) -> Result<(String, String)> {
    let value = match name {
        "sslmode" => sslmode(value)?,
        _ if TLS.contains(&name) => return Err(needs_tls(name)),
        _ if OWN.contains(&name) => {
            check_own(name, &value)?;
            value
        }
        _ if DRIVER.contains(&name) => value,
        _ => {
            let known = [DRIVER, OWN].concat().join(", ");
            return Err(malformed("has an unknown parameter")
                .help(format!("known are user, password, dbname, host, port, sslmode, {known}")));
        }
    };
    Ok((name.to_owned(), value))
}

/// Checks a value that the driver does not: what it asks for must be what it gets.
fn check_own(name: &str, value: &str) -> Result<()> {
    let refused = |help: &str| Err(wrong_value(name).help(help));
    match name {
        PGBOUNCER if !matches!(value, "true" | "false") => refused("write pgbouncer=true or pgbouncer=false"),
        CONNECTION_LIMIT if !is_positive(value) => refused("write the number of connections, 1 or more"),
        POOL_TIMEOUT if !is_positive(value) => refused("write the number of seconds to wait, 1 or more"),
        "schema" if value != "public" => refused("the models' tables are in schema public: leave the parameter out"),
        _ => Ok(()),
    }
}

fn is_positive(value: &str) -> bool {
    value.parse::<u32>().is_ok_and(|number| number > 0)
}

fn sslmode(mode: String) -> Result<String> {
    match mode.as_str() {
        "disable" | "prefer" => Ok(mode),
        // The driver knows no `allow`; without TLS the two come to the same.
        "allow" => Ok("prefer".to_owned()),
        "require" | "verify-ca" | "verify-full" => Err(needs_tls(&format!("sslmode={mode}"))),
        _ => Err(malformed("has an unknown sslmode")
            .help("known are disable, allow, prefer, require, verify-ca and verify-full")),
    }
}

/// A value is never repeated: it may be part of a password that was not encoded.
pub(super) fn wrong_value(name: &str) -> Error {
    malformed(&format!("has a value that {name} does not take"))
}

fn needs_tls(parameter: &str) -> Error {
    malformed(&format!("asks for {parameter}, but this program was built without TLS"))
        .help("use sslmode=prefer on a trusted network or a socket, or a build that has TLS")
}
