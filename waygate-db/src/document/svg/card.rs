//! A table as a box: its name and scope, and a row for each column.

use std::fmt::Write;

use super::super::escape::xml;
use super::super::relation::marks;
use super::super::words::{first_paragraph, scope, short_type};
use crate::schema::Table;

/// The height of the part with the table's name.
const HEAD: usize = 42;
/// The height of a column's row.
const ROW: usize = 20;
/// The space left and right of all texts.
const MARGIN: usize = 12;
/// The least space between two texts of a row.
const SPACE: usize = 18;

/// A table's box.
pub(super) struct Card {
    pub(super) table: &'static Table,
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    rows: Vec<Row>,
    /// Where names begin.
    names: usize,
}

struct Row {
    marks: String,
    name: &'static str,
    ty: String,
    is_sealed: bool,
    comment: Option<&'static str>,
}

impl Card {
    /// The box of a table, at no place yet.
    pub(super) fn of(table: &'static Table) -> Self {
        let columns = table.columns.iter().enumerate();
        let rows: Vec<Row> = columns
            .map(|(place, column)| Row {
                marks: marks(table, place).join(" "),
                name: column.name,
                ty: format!("{}{}", short_type(&column.ty), if column.nullable { "?" } else { "" }),
                is_sealed: column.encryption.is_some(),
                comment: column.comment,
            })
            .collect();
        let widest = |of: fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or_default();
        let marks = widest(|row| text_width(&row.marks, 11));
        let names = MARGIN + if marks == 0 { 0 } else { marks + SPACE / 2 };
        let body = names + widest(|row| text_width(row.name, 12) + SPACE + text_width(&row.ty, 12)) + MARGIN;
        let head = text_width(table.name, 14).max(text_width(&scope(table), 11)) + 2 * MARGIN;
        let height = HEAD + ROW * rows.len() + ROW / 4;
        Self { table, x: 0, y: 0, width: body.max(head), height, rows, names }
    }

    /// The right side.
    pub(super) fn right(&self) -> usize {
        self.x + self.width
    }

    /// The middle of a column's row.
    pub(super) fn row(&self, column: usize) -> usize {
        self.y + HEAD + ROW * column + ROW / 2
    }

    pub(super) fn draw(&self) -> String {
        let Self { table, x, y, width, height, .. } = self;
        let mut out = String::from("<g>");
        if let Some(comment) = table.comment {
            let _ = write!(out, "<title>{}</title>", xml(&first_paragraph(comment)));
        }
        let (left, top, rule, right) = (x + MARGIN, y + HEAD, y + HEAD, x + width);
        let _ = write!(
            out,
            "\n<rect class=\"card\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\
             \n<path class=\"head\" d=\"M{} {top}V{}q0 -5 5 -5H{}q5 0 5 5V{top}z\"/>\
             \n<path class=\"rule\" d=\"M{x} {rule}H{right}\"/>\
             \n<text class=\"name\" x=\"{left}\" y=\"{}\">{}</text>\
             \n<text class=\"scope\" x=\"{left}\" y=\"{}\">{}</text>",
            x + 1,
            y + 6,
            right - 6,
            y + 18,
            xml(table.name),
            y + 34,
            xml(&scope(table)),
        );
        for (place, row) in self.rows.iter().enumerate() {
            let _ = write!(out, "\n{}", self.draw_row(row, self.row(place) + 4));
        }
        out + "\n</g>"
    }

    /// A column's texts, on this base line.
    fn draw_row(&self, row: &Row, y: usize) -> String {
        let mut out = String::from("<g>");
        if let Some(comment) = row.comment {
            let _ = write!(out, "<title>{}</title>", xml(&first_paragraph(comment)));
        }
        if !row.marks.is_empty() {
            let _ = write!(out, "<text class=\"mark\" x=\"{}\" y=\"{y}\">{}</text>", self.x + MARGIN, row.marks);
        }
        let _ = write!(out, "<text x=\"{}\" y=\"{y}\">{}</text>", self.x + self.names, xml(row.name));
        let (class, right) = (if row.is_sealed { "sealed" } else { "type" }, self.right() - MARGIN);
        let _ =
            write!(out, "<text class=\"{class}\" x=\"{right}\" y=\"{y}\" text-anchor=\"end\">{}</text>", xml(&row.ty));
        out + "</g>"
    }
}

/// How wide a text is in letters of one width, rounded up: a letter is three fifths as wide as high, those of East Asia
/// twice that.
fn text_width(text: &str, size: usize) -> usize {
    let letters: usize = text.chars().map(|char| if char >= '\u{2e80}' { 2 } else { 1 }).sum();
    (letters * size * 61).div_ceil(100)
}
