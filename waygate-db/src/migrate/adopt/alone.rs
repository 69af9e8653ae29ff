//! Texts that run outside of a transaction, as steps.

use super::super::split::{Piece, split};

/// A text whose statements run outside of any transaction, each a step of its own.
pub(super) fn alone(text: &str) -> String {
    let mut divided = String::new();
    let mut end = 0;
    for piece in split(text) {
        let Piece::Statement(statement) = piece else { continue };
        let before = text.get(end..statement.offset).unwrap_or_default();
        divided.push_str(before);
        if !before.is_empty() && !before.ends_with('\n') || before.is_empty() && end > 0 {
            divided.push('\n');
        }
        divided.push_str("-- waygate:step autocommit\n");
        divided.push_str(text.get(statement.offset..statement.end).unwrap_or_default());
        end = statement.end;
    }
    divided.push_str(text.get(end..).unwrap_or_default());
    divided
}
