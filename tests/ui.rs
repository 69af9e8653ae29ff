//! What must not compile, and how each refusal is worded; beside it, what must compile.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the `.stderr` files anew: read what changed before it is committed.

#[test]
fn refusals_are_worded() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    for category in ["attributes", "scope", "fields", "enums", "create"] {
        cases.compile_fail(format!("tests/ui/{category}/*.rs"));
    }
}
