//! What must not compile, and how each refusal is worded; beside it, what must compile.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the `.stderr` files anew: read what changed before it is committed.

/// The refusals alone are one `cargo check` of all cases; cases that must run would make each a build of its own.
#[test]
fn refusals_are_worded() {
    let cases = trybuild::TestCases::new();
    for category in ["attributes", "scope", "fields", "enums", "create", "sessions", "secrets"] {
        cases.compile_fail(format!("tests/ui/{category}/*.rs"));
    }
}

#[test]
fn correct_forms_compile_and_give_their_metadata() {
    trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
}
