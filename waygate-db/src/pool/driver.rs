//! The driver's errors in the library's words: by SQLSTATE first, then by their I/O source.
//!
//! Only the server's primary message is kept, and not even that where it quotes a value (class 22). DETAIL is dropped: it
//! prints rows.

use tokio_postgres::error::DbError;

use super::raised;
use crate::error::{Error, Kind, ServerReport};
use crate::sql::Candour;

/// For scripts of an operator's own, whose triggers and functions may say what they like.
impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        refused(&error, Candour::Open)
    }
}

/// A failed statement, with as many words of the user's triggers and functions as its tables allow.
pub(crate) fn refused(error: &tokio_postgres::Error, candour: Candour) -> Error {
    match error.as_db_error() {
        Some(report) => server_error(report, candour),
        None => broken(error),
    }
}

/// A failure to connect to this server.
pub(crate) fn connect_error(error: &tokio_postgres::Error, server: &str) -> Error {
    let Some(report) = error.as_db_error() else {
        return Error::new(Kind::Connect, format!("cannot reach {server}: {}", cause_text(error)))
            .help("check that the server runs and that the URL's host and port are right");
    };
    let code = report.code().code();
    let what = format!("{server} refused the connection: {} (SQLSTATE {code})", report.message());
    let help = match code {
        "28P01" | "28000" => "check the user and password in the URL; `waygate setup` creates the roles",
        "3D000" => "create the database, or correct its name in the URL; `waygate setup` prepares it",
        "53300" => "the server has no connection left: lower the pools' sizes or raise max_connections",
        _ => "check the URL and the server's log",
    };
    Error::new(Kind::Connect, what).help(help).reported(report_of(report))
}

fn broken(error: &tokio_postgres::Error) -> Error {
    Error::new(Kind::ConnectionLost, format!("the database connection broke: {}", cause_text(error)))
        .help("the statement may or may not have taken effect; read before you write again")
}

/// The innermost cause, which says most: "connection refused" rather than "error connecting to server". None holds a
/// value.
fn cause_text(error: &tokio_postgres::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn report_of(report: &DbError) -> ServerReport {
    ServerReport {
        code: report.code().code().to_owned(),
        constraint: report.constraint().map(str::to_owned),
        table: report.table().map(str::to_owned),
        column: report.column().map(str::to_owned),
    }
}

fn server_error(report: &DbError, candour: Candour) -> Error {
    let code = report.code().code();
    let kind = match code {
        "42704" if report.message().contains("\"waygate.tenant_id\"") => Kind::TenantMissing,
        _ if code.starts_with("57P") => Kind::ConnectionLost,
        _ => Kind::Server,
    };
    let place = match (report.table(), report.column()) {
        (Some(table), Some(column)) => format!("{table}.{column}: "),
        (Some(table), None) => format!("{table}: "),
        _ => String::new(),
    };
    let what = match kind {
        Kind::TenantMissing => "a statement on tenant data ran without a tenant".to_owned(),
        _ if code.starts_with("22") => value_refused(code).to_owned(),
        _ if !raised::may_show(report, candour) => raised::WITHHELD.to_owned(),
        _ => report.message().to_owned(),
    };
    let error = Error::new(kind, format!("{place}{what} (SQLSTATE {code})")).reported(report_of(report));
    match advice(code, kind) {
        Some(help) => error.help(help),
        None if !raised::may_show(report, candour) => error.help(raised::HELP),
        None => error,
    }
}

/// Class 22 in words of our own: the server's text quotes the value.
fn value_refused(code: &str) -> &'static str {
    match code {
        "22001" => "a text is longer than its column allows",
        "22003" => "a number is out of its column's range",
        "22007" | "22008" => "a date or time is malformed or out of range",
        "22021" => "a text holds a byte that PostgreSQL does not store, such as NUL",
        "22P02" => "a value is not valid for its column's type",
        "22P03" => "a value's binary form is malformed",
        _ => "the server refused a value",
    }
}

fn advice(code: &str, kind: Kind) -> Option<&'static str> {
    Some(match code {
        _ if kind == Kind::TenantMissing => {
            "take a handle with `db.tenant(id)`; in SQL, `SET LOCAL waygate.tenant_id = '…'` inside a transaction"
        }
        "23505" => "another row holds these values; read it, or choose others",
        "23503" => "the parent is not there for this tenant, or rows still refer to this one",
        "23502" => "give the column a value",
        "23514" => "the column's rule refuses the value; a sealed column takes ciphertext only",
        "22001" => "shorten it, or raise `max_len` with a migration",
        "42501" => "this login may not do that: tenant columns are stamped, and some writes are the service's alone",
        "42P01" | "42703" | "42883" | "42704" | "3F000" => {
            "the database is behind the models: run `waygate migrate status`, then `waygate migrate deploy`"
        }
        "40001" | "40P01" => "another transaction was in the way; the same call may succeed when made again",
        // What a pooler did to a prepared statement: lost it, or handed it to another client.
        "26000" | "42P05" => {
            "a transaction pooler stands before the server: add `pgbouncer=true` to the URL, so that statements go unnamed"
        }
        "57014" => "the statement ran longer than its time limit",
        _ if code.starts_with("57P") => "the server ended the session, or is stopping or starting; try again",
        _ => return None,
    })
}
