//! What the answers to an operation's statements prove.

use super::context::State;
use super::grid::Outcome;
use super::keys::{Keys, Who};
use super::trial::{Case, Trial};
use crate::error::Result;
use crate::schema::Table;
use crate::session::{Direct, Refusal};

/// What a grant, a policy or a key says that holds.
const WALLS: [&str; 2] = ["42501", "23503"];
/// What row security says to a COPY into a table.
const NO_COPY: &str = "0A000";
/// What a missing tenant says: the setting is not known, or is no UUID.
const NO_TENANT: [&str; 2] = ["42704", "22P02"];

/// How one operation went in one state of the session.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) sqlstate: Option<String>,
    /// What went wrong, in words.
    pub(super) what: Option<&'static str>,
}

impl Verdict {
    pub(super) fn held(sqlstate: Option<String>) -> Self {
        Self { outcome: Outcome::Held, sqlstate, what: None }
    }

    pub(super) fn not_applicable() -> Self {
        Self { outcome: Outcome::NotApplicable, sqlstate: None, what: None }
    }

    fn leaked(what: &'static str) -> Self {
        Self { outcome: Outcome::Leaked, sqlstate: None, what: Some(what) }
    }

    fn control(what: &'static str, sqlstate: Option<String>) -> Self {
        Self { outcome: Outcome::ControlFailed, sqlstate, what: Some(what) }
    }

    /// Both: a leak weighs more than a broken control, and that more than what held.
    pub(super) fn and(self, other: Self) -> Self {
        let weight = |verdict: &Self| match verdict.outcome {
            Outcome::Leaked => 3,
            Outcome::ControlFailed => 2,
            Outcome::Held => 1,
            Outcome::NotApplicable => 0,
        };
        if weight(&other) > weight(&self) {
            return Self { sqlstate: other.sqlstate.or(self.sqlstate), ..other };
        }
        Self { sqlstate: self.sqlstate.or(other.sqlstate), ..self }
    }
}

/// What a statement answered, as far as a tenant could tell.
#[derive(Debug)]
enum Told {
    Rows { rows: Vec<Vec<String>>, touched: u64 },
    Refused { code: String, missing_tenant: bool, words: String },
}

impl Told {
    /// Reads a refusal; a broken connection is no answer.
    fn refusal(refusal: Refusal) -> Result<Self> {
        if refusal.code().is_empty() || refusal.error.is_connection_lost() {
            return Err(refusal.into());
        }
        let error = &refusal.error;
        let missing_tenant = match refusal.code() {
            "42704" => error.is_tenant_missing() || error.message().contains("request.jwt.claims"),
            code => NO_TENANT.contains(&code),
        };
        let words = format!("{} {:?} {:?} {:?}", error.message(), error.constraint(), error.table(), error.column());
        Ok(Self::Refused { code: refusal.code().to_owned(), missing_tenant, words })
    }

    fn code(&self) -> Option<String> {
        match self {
            Self::Rows { .. } => None,
            Self::Refused { code, .. } => Some(code.clone()),
        }
    }

    /// Whether a row came, or was touched.
    fn is_something(&self) -> bool {
        matches!(self, Self::Rows { rows, touched } if !rows.is_empty() || *touched > 0)
    }

    fn is_refused_by(&self, codes: &[&str]) -> bool {
        matches!(self, Self::Refused { code, .. } if codes.contains(&code.as_str()))
    }

    /// The same without the key that was asked for.
    fn without(&self, table: &Table, keys: Keys, who: Who) -> String {
        match self {
            Self::Rows { rows, touched } => format!("{} {touched}", rows.len()),
            Self::Refused { code, words, .. } => {
                format!("{code} {}", words.replace(&keys.row(table, who).to_string(), "…"))
            }
        }
    }
}

/// Runs one statement of a trial, in the transaction that the caller began.
async fn ask(app: &Direct, sql: &str) -> Result<Told> {
    match app.ask(sql).await {
        Ok(answer) => {
            let cell = |cell: Option<String>| cell.unwrap_or_default();
            let rows = answer.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
            Ok(Told::Rows { rows, touched: answer.affected })
        }
        Err(refusal) => Told::refusal(refusal),
    }
}

async fn copy_out(app: &Direct, sql: &str, expected: &str) -> Result<Told> {
    match app.copy_out(sql, |line| line == expected).await {
        Ok(lines) => Ok(Told::Rows { rows: lines.into_iter().map(|line| vec![line]).collect(), touched: 0 }),
        Err(refusal) => Told::refusal(refusal),
    }
}

/// Runs a `COPY … FROM STDIN`, which has to be refused in every state that the connection can be in.
pub(super) async fn copied_in(app: Direct, sql: &str) -> Result<Verdict> {
    let told = match app.copy_in(sql).await {
        Ok(()) => Told::Rows { rows: Vec::new(), touched: 1 },
        Err(refusal) => Told::refusal(refusal)?,
    };
    Ok(if told.is_refused_by(&[NO_COPY]) { Verdict::held(told.code()) } else { refused(&told) })
}

/// Runs a trial in a tenant's session, each statement in a new transaction.
pub(super) async fn confined(state: State<'_>, case: &Case<'_>, trial: &Trial) -> Result<Verdict> {
    let app = state.begin().await?;
    Ok(match trial {
        Trial::Shows { sql, row } => shown(&ask(app, sql).await?, row),
        Trial::CopiesOut { sql, line } => shown(&copy_out(app, sql, line).await?, std::slice::from_ref(line)),
        Trial::ShowsNothing { sql } => match ask(app, sql).await? {
            told if told.is_something() => Verdict::leaked("a row of the other tenant was shown"),
            told => Verdict::held(told.code()),
        },
        Trial::Works { sql } => works(&ask(app, sql).await?),
        Trial::IsBlind { foreign, missing } => {
            let foreign = ask(app, foreign).await?;
            state.begin().await?;
            blind(case, &foreign, &ask(app, missing).await?)
        }
        Trial::ChangesNothing { sql } => match ask(app, sql).await? {
            told if told.is_something() => Verdict::leaked("a row of the other tenant was changed"),
            told => Verdict::held(told.code()),
        },
        Trial::IsRefused { sql } => refused(&ask(app, sql).await?),
        Trial::Locks { sql } => locks(&ask(app, sql).await?),
    })
}

/// Runs a trial's statements without a tenant.
pub(super) async fn unconfined(state: State<'_>, trial: &Trial) -> Result<Verdict> {
    let app = state.begin().await?;
    Ok(match trial {
        Trial::Shows { sql, .. }
        | Trial::ShowsNothing { sql }
        | Trial::Works { sql }
        | Trial::ChangesNothing { sql }
        | Trial::IsRefused { sql }
        | Trial::IsBlind { foreign: sql, .. } => no_tenant(&ask(app, sql).await?),
        Trial::CopiesOut { sql, .. } => no_tenant(&copy_out(app, sql, "").await?),
        Trial::Locks { sql } => locks(&ask(app, sql).await?),
    })
}

/// One row, or several that are all this one.
fn shown(told: &Told, expected: &[String]) -> Verdict {
    match told {
        Told::Rows { rows, .. } if rows.is_empty() => Verdict::control("the tenant does not see its own row", None),
        Told::Rows { rows, .. } if rows.iter().all(|row| row == expected) && rows.len() == 1 => Verdict::held(None),
        Told::Rows { .. } => Verdict::leaked("a row of the other tenant was shown"),
        Told::Refused { code, .. } if code == "23505" => {
            Verdict::leaked("a value that the other tenant has was refused: uniqueness reaches across tenants")
        }
        Told::Refused { code, .. } => Verdict::control("a statement that has to work was refused", Some(code.clone())),
    }
}

fn works(told: &Told) -> Verdict {
    match told {
        Told::Rows { touched: 1, .. } => Verdict::held(None),
        Told::Rows { touched: 0, .. } => Verdict::control("a statement on the own row did not reach it", None),
        Told::Rows { .. } => Verdict::leaked("a statement on the own row reached others"),
        // Children that hold their parent are no wall between tenants.
        told if told.is_refused_by(&["23503", "23001"]) => Verdict::held(told.code()),
        Told::Refused { code, .. } => Verdict::control("a statement on the own row was refused", Some(code.clone())),
    }
}

fn blind(case: &Case<'_>, foreign: &Told, missing: &Told) -> Verdict {
    let Case { table, keys, other, .. } = *case;
    if foreign.is_something() {
        return Verdict::leaked("a row of the other tenant was reached");
    }
    if foreign.without(table, keys, other) != missing.without(table, keys, Who::Missing) {
        return Verdict::leaked("a row of the other tenant is told apart from a missing one");
    }
    Verdict::held(foreign.code())
}

fn refused(told: &Told) -> Verdict {
    match told {
        Told::Rows { .. } => Verdict::leaked("what has to be refused was done"),
        told if told.is_refused_by(&WALLS) => Verdict::held(told.code()),
        Told::Refused { code, .. } => {
            Verdict::control("something else than a right, a policy or a key refused it", Some(code.clone()))
        }
    }
}

fn no_tenant(told: &Told) -> Verdict {
    match told {
        told if told.is_something() => Verdict::leaked("it worked without a tenant"),
        Told::Rows { .. } => Verdict::leaked("it answered without a tenant, with nothing instead of an error"),
        Told::Refused { missing_tenant: true, code, .. } => Verdict::held(Some(code.clone())),
        told if told.is_refused_by(&WALLS) => Verdict::held(told.code()),
        Told::Refused { code, .. } => {
            Verdict::control("something else than the missing tenant stopped it", Some(code.clone()))
        }
    }
}

/// A lock that another session has in the way is one that may be taken.
fn locks(told: &Told) -> Verdict {
    if told.is_refused_by(&["42501"]) { Verdict::held(told.code()) } else { Verdict::not_applicable() }
}
