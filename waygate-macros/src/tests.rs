//! Expansion snapshots: each `tests/expand/<name>.rs` is an item, `<name>.expanded.rs` what its derive writes.
//!
//! `BLESS=1 cargo test -p waygate-macros` writes them anew: read what changed before it is committed.

use std::fs;
use std::path::PathBuf;

use proc_macro2::TokenStream;

use crate::derive;

#[test]
fn a_model_with_a_tenant_column() {
    check("tenant_column", derive::model);
}

#[test]
fn a_tenant_table() {
    check("tenant_table", derive::model);
}

#[test]
fn a_model_owned_through_its_parent() {
    check("through_parent", derive::model);
}

#[test]
fn a_shared_model() {
    check("shared", derive::model);
}

#[test]
fn stand_ins_after_an_error() {
    check("broken", derive::model);
}

#[test]
fn an_enum() {
    check("enum", derive::pg_enum);
}

fn check(name: &str, derive: fn(TokenStream) -> TokenStream) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let input = fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
    let item: TokenStream = input.parse().unwrap();
    let expanded = prettyplease::unparse(&syn::parse2(derive(item)).unwrap());
    let snapshot = folder.join(format!("{name}.expanded.rs"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&snapshot, &expanded).unwrap();
    }
    let expected = fs::read_to_string(&snapshot).unwrap_or_default();
    assert!(expanded == expected, "{} is out of date; it would now be:\n{expanded}", snapshot.display());
}
