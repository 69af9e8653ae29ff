//! What a deploy would do: a pure comparison of the files with the ledger.

use std::collections::BTreeMap;

use super::file::{Migration, NAMING, is_id};
use super::ledger::{self, Applied, StepState};
use super::replaced::{Extent, Replacements};
use super::status::MigrationState;
use crate::error::{Error, Kind, Result};
use crate::session::Maintenance;

/// What a deploy does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'a> {
    /// The migrations to apply, oldest first.
    pub pending: Vec<&'a Migration>,
    /// Those of which all that they stand for is applied: they are noted as applied, and not run.
    pub squashed: Vec<&'a Migration>,
    /// How many of the files are applied.
    pub applied: usize,
    /// What is unusual but no reason to stop.
    pub warnings: Vec<String>,
}

/// A migration that stands among the files, in the ledger, or in both.
pub(super) struct Entry<'a> {
    pub(super) id: &'a str,
    pub(super) state: MigrationState,
    pub(super) file: Option<&'a Migration>,
    pub(super) applied: Option<&'a Applied>,
}

/// Plans a deploy of these files on a database whose ledger holds these rows.
///
/// # Errors
///
/// [`is_migration_file`](Error::is_migration_file), naming every migration that has a malformed name, shares its
/// version with another, was edited after it was applied, was applied and has no file although newer files are there,
/// or is pending although a newer one is applied.
pub fn plan<'a>(files: &'a [Migration], applied: &'a [Applied]) -> Result<Plan<'a>> {
    plan_over(files, applied, &[], &[], Order::Strict)
}

/// Whether a migration may be applied although a newer one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Strict,
    Any,
}

/// What the ledger holds.
pub(super) struct Ledger {
    pub(super) applied: Vec<Applied>,
    /// The steps that began of migrations that are not applied whole.
    pub(super) steps: Vec<StepState>,
    /// Migrations whose files differ from what was applied in comments and blanks alone.
    pub(super) reworded: Vec<String>,
}

impl Ledger {
    pub(super) async fn read(conn: &Maintenance, files: &[Migration]) -> Result<Self> {
        Ok(Self {
            applied: ledger::read(conn).await?,
            steps: ledger::steps(conn).await?,
            reworded: ledger::only_reworded(conn, files).await?,
        })
    }

    /// Whether nothing was ever applied.
    pub(super) fn is_empty(&self) -> bool {
        self.applied.is_empty() && self.steps.is_empty()
    }
}

/// The same, with what the ledger knows beside the applied migrations.
pub(super) fn plan_with<'a>(files: &'a [Migration], ledger: &'a Ledger, order: Order) -> Result<Plan<'a>> {
    plan_over(files, &ledger.applied, &ledger.reworded, &ledger.steps, order)
}

fn plan_over<'a>(
    files: &'a [Migration],
    applied: &'a [Applied],
    reworded: &[String],
    steps: &[StepState],
    order: Order,
) -> Result<Plan<'a>> {
    let mut faults = name_faults(files);
    faults.extend(step_faults(files, steps));
    let replacements = Replacements::of(files)?;
    let mut plan = Plan { pending: Vec::new(), squashed: Vec::new(), applied: 0, warnings: Vec::new() };
    let ids = applied.iter().map(|row| row.id.as_str()).chain(steps.iter().map(|step| step.id.as_str()));
    let newest = ids.max().unwrap_or_default();
    for Entry { id, state, file, applied } in compare(files, applied, &replacements) {
        match in_order(state, id, steps) {
            MigrationState::Applied => plan.applied = plan.applied.saturating_add(1),
            MigrationState::Pending | MigrationState::Partial => plan.pending.extend(file),
            MigrationState::Squashed => plan.squashed.extend(file),
            MigrationState::OutOfOrder if order == Order::Any => {
                plan.warnings.push(format!("{id} is applied after {newest}, which is newer"));
                plan.pending.extend(file);
            }
            MigrationState::Newer => plan.warnings.push(format!(
                "{id} is applied but newer than every file here: the database was deployed by a newer program"
            )),
            MigrationState::Edited if reworded.iter().any(|same| same == id) => {
                plan.applied = plan.applied.saturating_add(1);
                plan.warnings.push(format!(
                    "{id} was edited after it was applied, in comments and blanks alone; `migrate resolve --rehash {id}` takes that as it is"
                ));
            }
            MigrationState::Edited => {
                let when = applied.map(|row| row.applied_at.format(" on %Y-%m-%d").to_string()).unwrap_or_default();
                faults.push((
                    format!("{id} was edited after it was applied{when}"),
                    "restore the file as it was, and write a new migration for the change",
                ));
            }
            MigrationState::Missing => faults.push((
                format!("{id} is applied, but its file is gone"),
                "restore the folder from version control, or check that the URL names the database you mean",
            )),
            MigrationState::OutOfOrder => faults.push((
                format!("{id} is not applied, but {newest}, which is newer, is"),
                "rename the folder with a newer time, check that it still fits, and deploy again; or, where it needs nothing \
                 of the newer ones and changes nothing that they changed, `migrate deploy --allow-out-of-order`",
            )),
            MigrationState::Replaced => faults.extend(replaced_fault(id, file, applied, &replacements)),
            MigrationState::HalfSquashed => faults.push((
                format!("of what {id} stands for, some is applied here and some is not"),
                "deploy the version before the squash first, which still has those files; then this one",
            )),
        }
    }
    if faults.is_empty() { Ok(plan) } else { Err(refuse(&faults)) }
}

/// The state with regard to migrations that are applied in part: what was begun is ended, and what is older than that comes
/// late.
fn in_order(state: MigrationState, id: &str, steps: &[StepState]) -> MigrationState {
    let mut begun = steps.iter().filter(|step| step.state == "done").map(|step| step.id.as_str());
    match state {
        MigrationState::OutOfOrder if begun.any(|other| other == id) => MigrationState::Partial,
        MigrationState::Pending if begun.max().is_some_and(|newest| id < newest) => {
            // The oldest one that was begun is ended first.
            if steps.iter().any(|step| step.id == id) { state } else { MigrationState::OutOfOrder }
        }
        _ => state,
    }
}

/// What is wrong with a migration that another one stands for.
fn replaced_fault(
    id: &str,
    file: Option<&Migration>,
    applied: Option<&Applied>,
    replacements: &Replacements<'_>,
) -> Option<Fault> {
    let successor = replacements.successor(id).map_or("", Migration::id);
    if file.is_some() {
        return Some((
            format!("{successor} stands for {id}, whose folder is still here"),
            "delete one of the two: what the first holds would be applied twice",
        ));
    }
    applied.filter(|row| !replacements.fits(row)).map(|_| {
        (
            format!("{successor} stands for {id}, but not for the text that was applied here"),
            "restore the folders from before the squash and compare; `migrate resolve` settles what differs",
        )
    })
}

/// Every migration of either side, oldest first.
pub(super) fn compare<'a>(
    files: &'a [Migration],
    applied: &'a [Applied],
    replacements: &Replacements<'_>,
) -> Vec<Entry<'a>> {
    let newest_file = files.iter().map(Migration::id).max();
    let newest_applied = applied.iter().map(|row| row.id.as_str()).max();
    let mut sides: BTreeMap<&str, (Option<&Migration>, Option<&Applied>)> = BTreeMap::new();
    for file in files {
        sides.entry(file.id()).or_default().0 = Some(file);
    }
    for row in applied {
        sides.entry(row.id.as_str()).or_default().1 = Some(row);
    }
    let entry = |(id, (file, row)): (&'a str, (Option<&'a Migration>, Option<&'a Applied>))| {
        let state = match (file, row) {
            _ if replacements.successor(id).is_some() => MigrationState::Replaced,
            (Some(file), Some(row)) if file.checksum() == row.checksum => MigrationState::Applied,
            (Some(_), Some(_)) => MigrationState::Edited,
            (Some(_), None) => match replacements.extent(id, applied) {
                Some(Extent::All) => MigrationState::Squashed,
                Some(Extent::Some) => MigrationState::HalfSquashed,
                _ if newest_applied.is_some_and(|newest| id < newest) => MigrationState::OutOfOrder,
                _ => MigrationState::Pending,
            },
            // A service that is rolled back to an older image must still start. Without any file it is the folder that
            // is wrong.
            (None, _) if newest_file.is_some_and(|newest| id > newest) => MigrationState::Newer,
            // Nothing ran for it, so nothing of it is missing: an older image has the files that it stands for.
            (None, Some(row)) if row.is_squash && newest_file.is_some() => MigrationState::Newer,
            (None, _) => MigrationState::Missing,
        };
        Entry { id, state, file, applied: row }
    };
    sides.into_iter().map(entry).collect()
}

type Fault = (String, &'static str);

/// What does not fit of migrations that are applied in part.
fn step_faults(files: &[Migration], steps: &[StepState]) -> Vec<Fault> {
    let newest_file = files.iter().map(Migration::id).max().unwrap_or_default();
    let mut faults = Vec::new();
    let mut gone: Vec<&str> = Vec::new();
    for state in steps {
        let Some(file) = files.iter().find(|file| file.id() == state.id) else {
            // What a newer program began is for that program to end.
            if state.id.as_str() < newest_file && !gone.contains(&state.id.as_str()) {
                gone.push(&state.id);
                faults.push((
                    format!("{} is applied in part, but its file is gone", state.id),
                    "restore the folder from version control, or check that the URL names the database you mean",
                ));
            }
            continue;
        };
        let up = file.up();
        let Ok((parsed, _)) = file.parse(&up) else { continue };
        let now = parsed.iter().find(|step| step.number == state.step);
        let is_same = now.is_some_and(|step| step.checksum().as_slice() == state.checksum);
        match state.state.as_str() {
            _ if is_same => {}
            "done" => faults.push((
                format!("step {} of {} was edited after it was applied", state.step, state.id),
                "restore that step as it was; the steps that are not done yet may be changed",
            )),
            _ if state.progress.is_some() => faults.push((
                format!("step {} of {} was edited when part of its rows were done", state.step, state.id),
                "restore that step as it was; or say with `migrate resolve` how it goes on: `--rehash ID` for the rows that \
                 are left, `--step ID:N=again` for all rows once more",
            )),
            _ => {}
        }
    }
    faults
}

fn name_faults(files: &[Migration]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut versions: BTreeMap<&str, &Migration> = BTreeMap::new();
    for file in files {
        if !is_id(file.id()) {
            faults.push((format!("{:?} is not a migration's name", file.id()), NAMING));
        } else if let Some(twin) = versions.insert(file.version(), file) {
            faults.push((
                format!("{} and {} have the same version", twin.id(), file.id()),
                "give one of them a newer time",
            ));
        }
    }
    faults
}

fn refuse(faults: &[Fault]) -> Error {
    let mut advice: Vec<&str> = faults.iter().map(|(_, advice)| *advice).collect();
    advice.dedup();
    let messages: Vec<&str> = faults.iter().map(|(message, _)| message.as_str()).collect();
    Error::new(Kind::MigrationFile, format!("{}. Nothing was changed", messages.join("; "))).help(advice.join("; "))
}
