//! The diagram as a picture: boxes in layers from parents to children, and lines that pass between them.
//!
//! [`layout`] says where everything is, [`card`] draws a table, [`line`] a reference. The text of the picture needs no
//! font of its own and no other program, and follows the reader's light or dark colours.

mod card;
mod layout;
mod line;

use std::fmt::Write;

use self::layout::Layout;
use crate::schema::Schema;

/// Colours and letters; the second block is for readers who like it dark.
const STYLE: &str = "\
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2328 }
.page { fill: #ffffff }
.card { fill: #ffffff; stroke: #8c959f }
.head { fill: #ddf4ff }
.rule { stroke: #d0d7de }
.name { font-size: 14px; font-weight: 700 }
.scope { font-size: 11px; fill: #57606a }
.mark { font-size: 11px; fill: #0550ae }
.type { fill: #57606a }
.sealed { fill: #8250df }
.line { fill: none; stroke: #57606a; stroke-width: 1.2 }
.optional { stroke-dasharray: 5 3 }
.end { fill: #ffffff; stroke: #57606a; stroke-width: 1.2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .page { fill: #0d1117 }
  .card { fill: #161b22; stroke: #6e7681 }
  .head { fill: #12304d }
  .rule { stroke: #30363d }
  .scope, .type { fill: #9198a1 }
  .mark { fill: #79c0ff }
  .sealed { fill: #d2a8ff }
  .line, .end { stroke: #9198a1 }
  .end { fill: #0d1117 }
}";

/// What is drawn, for those who do not see it.
const LEGEND: &str = "Each box is a table with its columns: its keys (PK primary, FK foreign, UK unique), its name and \
    its type, with a question mark where NULL is allowed. Lines lead from parents, left, to children, right; a dashed \
    one is a reference that may be NULL.";

/// The whole picture.
pub(super) fn draw(schema: &Schema) -> String {
    let layout = Layout::of(schema);
    let (width, height) = (layout.width, layout.height);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} \
         {height}\" role=\"img\" aria-labelledby=\"title legend\">\n<title id=\"title\">Tables and their references\
         </title>\n<desc id=\"legend\">{LEGEND}</desc>\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n"
    );
    // Writing to a text cannot fail. Lines come first, so that boxes stand above their ends.
    for route in &layout.routes {
        let _ = writeln!(out, "{}", line::draw(route, &layout));
    }
    for card in &layout.cards {
        let _ = writeln!(out, "{}", card.draw());
    }
    out + "</svg>\n"
}
