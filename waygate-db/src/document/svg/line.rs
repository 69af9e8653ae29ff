//! A reference as a line, with how many rows stand at each end.

use std::fmt::Write;

use super::super::escape::xml;
use super::layout::{Layout, Route};

/// How far a line goes straight before it bends.
const STRAIGHT: usize = 24;

/// A side of a table's box, at the height of one of its columns.
#[derive(Clone, Copy)]
struct End {
    x: usize,
    y: usize,
    /// Whether the line goes to the right from here.
    goes_right: bool,
}

pub(super) fn draw(route: &Route, layout: &Layout) -> String {
    let (Some(from), Some(to)) = (layout.cards.get(route.from), layout.cards.get(route.to)) else {
        return String::new();
    };
    let relation = &route.relation;
    let (parents, children) = (relation.parent.key, relation.column);
    let (left, right) = if route.from_parent { (parents, children) } else { (children, parents) };
    let start = End { x: from.right(), y: from.row(left), goes_right: true };
    let end = if route.is_loop() {
        End { x: to.right(), y: to.row(right), goes_right: true }
    } else {
        End { x: to.x, y: to.row(right), goes_right: false }
    };
    let (parent, child) = if route.from_parent { (start, end) } else { (end, start) };
    let class = if relation.is_optional { "line optional" } else { "line" };
    format!(
        "<g><title>{}</title><path class=\"{class}\" d=\"{}\"/>{}{}</g>",
        xml(&relation.in_words()),
        way(route, start, end),
        one(parent, relation.is_optional),
        if relation.is_single { one(child, true) } else { many(child) },
    )
}

/// The line itself: straight across layers, bent between them.
fn way(route: &Route, start: End, end: End) -> String {
    if route.is_loop() {
        let (near, far) = (start.x + STRAIGHT, start.x + 2 * STRAIGHT);
        return format!("M{} {}H{near}C{far} {} {far} {} {near} {}H{}", start.x, start.y, start.y, end.y, end.y, end.x);
    }
    let mut out = format!("M{} {}H{}", start.x, start.y, route.leaves + STRAIGHT);
    let (mut x, mut y) = (route.leaves + STRAIGHT, start.y);
    let ends = [(end.x - STRAIGHT, end.x, end.y)];
    for (left, right, next) in route.lanes.iter().copied().chain(ends) {
        let middle = usize::midpoint(x, left);
        let _ = write!(out, "C{middle} {y} {middle} {next} {left} {next}H{right}");
        (x, y) = (right, next);
    }
    out
}

/// One row at this end, or none: a bar, and before it another one or a ring.
fn one(end: End, or_none: bool) -> String {
    let bar = |distance: usize| {
        let x = end.away(distance);
        format!("<path class=\"line\" d=\"M{x} {}V{}\"/>", end.y - 5, end.y + 5)
    };
    bar(7) + &if or_none { ring(end, 14) } else { bar(12) }
}

/// Any number of rows at this end: a crow's foot, and before it a ring.
fn many(end: End) -> String {
    let (x, toes) = (end.away(12), end.x);
    let (y, above, below) = (end.y, end.y - 6, end.y + 6);
    format!("<path class=\"line\" d=\"M{toes} {above}L{x} {y}L{toes} {below}\"/>{}", ring(end, 16))
}

fn ring(end: End, distance: usize) -> String {
    format!("<circle class=\"end\" cx=\"{}\" cy=\"{}\" r=\"4\"/>", end.away(distance), end.y)
}

impl End {
    /// So far from the box, along the line.
    fn away(self, distance: usize) -> usize {
        if self.goes_right { self.x + distance } else { self.x - distance }
    }
}
