//! What must not compile, and how each refusal is worded; beside it, what must compile.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the `.stderr` files anew: read what changed before it is committed.

use std::path::Path;

/// The refusals alone are one `cargo check` of all cases; cases that must run would make each a build of its own.
#[test]
fn refusals_are_worded() {
    if !can_build() {
        return;
    }
    let cases = trybuild::TestCases::new();
    for category in ["attributes", "scope", "fields", "enums", "create", "sessions", "secrets"] {
        cases.compile_fail(format!("tests/ui/{category}/*.rs"));
    }
}

#[test]
fn correct_forms_compile_and_give_their_metadata() {
    if can_build() {
        trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
    }
}

/// Whether this user may build here: the cases are compiled beside the other build products, which another user may own.
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn can_build() -> bool {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let is_foreign =
        tempfile::tempfile_in(folder).is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied);
    if is_foreign {
        eprintln!("skipped: this user may not write to {}, and the cases are built there", folder.display());
    }
    !is_foreign
}
