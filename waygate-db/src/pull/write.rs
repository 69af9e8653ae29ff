//! Models as Rust text, laid out as rustfmt would by its own settings.

mod comments;
mod file;
mod item;
mod layout;

use std::path::PathBuf;

use super::model::Models;
use super::note::Note;

pub(super) use comments::{is_documentation, shown};
pub(super) use layout::Word;

/// How the models are spread over files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// A file for each table, and `mod.rs` beside them. The default.
    #[default]
    Folder,
    /// One file for all.
    SingleFile,
}

/// A file of Rust text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name in the folder; empty where there is one file alone.
    pub name: PathBuf,
    /// What it holds.
    pub text: String,
}

/// The files of these models.
pub(super) fn files(models: &Models<'_>, notes: &[Note], layout: Layout) -> Vec<SourceFile> {
    match layout {
        Layout::SingleFile => vec![SourceFile { name: PathBuf::new(), text: file::single(models, notes) }],
        Layout::Folder => {
            let root = SourceFile { name: "mod.rs".into(), text: file::root(models, notes) };
            let one = |model| SourceFile { name: file::name(model).into(), text: file::module(models, model) };
            [root].into_iter().chain(models.models.iter().map(one)).collect()
        }
    }
}
