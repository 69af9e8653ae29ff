//! Names and texts as they are written.

use super::keywords::KEYWORDS;
use super::{ident, literal, public};

#[test]
fn simple_lower_case_names_stay_bare() {
    for name in ["tenants", "_x", "tenant_id", "a1", "name", "status", "role", "at"] {
        assert_eq!(ident(name).to_string(), name);
    }
}

#[test]
fn other_names_are_quoted_and_their_quotes_doubled() {
    assert_eq!(ident("order").to_string(), r#""order""#);
    assert_eq!(ident("Tenants").to_string(), r#""Tenants""#);
    assert_eq!(ident("1st").to_string(), r#""1st""#);
    assert_eq!(ident("").to_string(), r#""""#);
    assert_eq!(ident("größe").to_string(), r#""größe""#);
    assert_eq!(ident(r#"a"; DROP TABLE b; --"#).to_string(), r#""a""; DROP TABLE b; --""#);
    assert_eq!(ident(r#"""#).to_string(), r#""""""#);
    assert_eq!(public("user").to_string(), r#"public."user""#);
}

#[test]
fn texts_are_quoted_and_their_quotes_doubled() {
    assert_eq!(literal("draft").to_string(), "'draft'");
    assert_eq!(literal("").to_string(), "''");
    assert_eq!(literal("it's '").to_string(), "'it''s '''");
    assert_eq!(literal(r"back\slash").to_string(), r"'back\slash'");
}

#[test]
fn keywords_are_sorted_for_the_binary_search() {
    assert!(KEYWORDS.is_sorted());
}
