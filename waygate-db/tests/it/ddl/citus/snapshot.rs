//! The text itself, compared with the reviewed one.

use super::waygate;
use crate::ddl::snapshot::assert_reviewed;

#[test]
fn the_ddl_of_the_six_models_is_the_reviewed_one() {
    assert_reviewed("waygate.citus.sql", &waygate());
}

#[test]
fn no_line_is_wider_than_a_page() {
    for line in waygate().lines() {
        assert!(line.chars().count() <= 120, "{line}");
        assert_eq!(line, line.trim_end());
    }
}

#[test]
fn it_has_no_trigger_and_no_word_left_to_replace() {
    let sql = waygate();
    for word in
        ["TRIGGER", "touch_updated_at", "(SELECT current_setting", "EXISTS (SELECT FROM public", "<tenant", "<app"]
    {
        assert!(!sql.contains(word), "{word}");
    }
}
