//! Where everything is.
//!
//! Tables stand in layers, each right of all its parents' ones. A line that passes a layer gets a lane there, a thin box
//! of its own, so that it crosses no table. The order within a layer follows from the neighbours' heights.

use super::super::relation::{Relation, relations};
use super::card::Card;
use crate::schema::Schema;

/// The space around everything.
const MARGIN: usize = 24;
/// The space between two layers, in which lines bend.
const GAP: usize = 104;
/// The space between two boxes of a layer.
const BETWEEN: usize = 30;
/// The height of a lane.
const LANE: usize = 8;
/// How often the order is improved.
const SWEEPS: usize = 8;

/// A drawing's parts, placed.
pub(super) struct Layout {
    pub(super) cards: Vec<Card>,
    pub(super) routes: Vec<Route>,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// The way of a line from the left one of two tables to the right one.
pub(super) struct Route {
    pub(super) relation: Relation,
    /// The left table and the right one; twice the same for a reference to the own table.
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether the left one is the parent, as it is unless tables refer to one another in a circle.
    pub(super) from_parent: bool,
    /// The right side of the left table's layer.
    pub(super) leaves: usize,
    /// The lanes in between: left, right, and height.
    pub(super) lanes: Vec<(usize, usize, usize)>,
}

/// What stands in a layer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Card(usize),
    Lane(usize),
}

impl Layout {
    /// The tables of a schema, placed.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut cards: Vec<Card> = schema.tables().map(Card::of).collect();
        let mut routes: Vec<Route> = schema.tables().flat_map(relations).filter_map(|one| route(one, &cards)).collect();
        let depths = depths(&cards, &routes);
        let mut layers = layers(&depths, &routes);
        let mut tops: Vec<Vec<usize>> = layers.iter().map(|layer| stack(layer, &cards)).collect();
        for sweep in 0..SWEEPS {
            improve(&mut layers, &mut tops, &cards, &routes, sweep % 2 == 0);
        }
        let height = layers.iter().map(|layer| total(layer, &cards)).max().unwrap_or_default();
        let mut left = MARGIN;
        for layer in &layers {
            let right = left + widest(layer, &cards);
            let mut y = MARGIN + (height - total(layer, &cards)) / 2;
            for node in layer {
                let node_height = node.height(&cards);
                place(*node, (left, right, y), &mut cards, &mut routes);
                y += node_height + BETWEEN;
            }
            leave(layer, right, &mut routes);
            left = right + GAP;
        }
        let width = left.saturating_sub(GAP) + MARGIN + if routes.iter().any(Route::is_loop) { GAP / 2 } else { 0 };
        Self { cards, routes, width, height: height + 2 * MARGIN }
    }
}

impl Route {
    /// Whether the table refers to itself.
    pub(super) fn is_loop(&self) -> bool {
        self.from == self.to
    }
}

impl Node {
    fn height(self, cards: &[Card]) -> usize {
        match self {
            Self::Card(card) => cards.get(card).map_or(0, |card| card.height),
            Self::Lane(_) => LANE,
        }
    }

    /// Whether a line leads from this node to the other one, which is in the next layer.
    fn leads_to(self, other: Self, routes: &[Route]) -> bool {
        match (self, other) {
            (Self::Card(from), Self::Card(to)) => routes.iter().any(|route| route.from == from && route.to == to),
            (Self::Card(card), Self::Lane(lane)) => routes.get(lane).is_some_and(|route| route.from == card),
            (Self::Lane(lane), Self::Card(card)) => routes.get(lane).is_some_and(|route| route.to == card),
            (Self::Lane(one), Self::Lane(other)) => one == other,
        }
    }
}

/// The way of a reference; the table that the schema names first is left.
fn route(relation: Relation, cards: &[Card]) -> Option<Route> {
    let place = |name: &str| cards.iter().position(|card| card.table.name == name);
    let (parent, child) = (place(relation.parent.name)?, place(relation.child.name)?);
    let (from, to) = (parent.min(child), parent.max(child));
    Some(Route { relation, from, to, from_parent: from == parent, leaves: 0, lanes: Vec::new() })
}

/// The layer of each table: one more than the highest of those left of it.
fn depths(cards: &[Card], routes: &[Route]) -> Vec<usize> {
    let mut depths: Vec<usize> = Vec::with_capacity(cards.len());
    for card in 0..cards.len() {
        let left = routes.iter().filter(|route| route.to == card && !route.is_loop());
        let deepest = left.filter_map(|route| depths.get(route.from)).max();
        depths.push(deepest.map_or(0, |depth| depth + 1));
    }
    depths
}

/// The tables of each layer, and the lanes of the lines that pass it.
fn layers(depths: &[usize], routes: &[Route]) -> Vec<Vec<Node>> {
    let count = depths.iter().max().map_or(0, |deepest| deepest + 1);
    let passes = |route: &Route, layer: usize| {
        let ends = (depths.get(route.from), depths.get(route.to));
        matches!(ends, (Some(from), Some(to)) if *from < layer && layer < *to)
    };
    let layer = |layer: usize| {
        let cards = depths.iter().enumerate().filter(|(_, depth)| **depth == layer).map(|(card, _)| Node::Card(card));
        let lanes = routes.iter().enumerate().filter(|(_, route)| passes(route, layer));
        cards.chain(lanes.map(|(lane, _)| Node::Lane(lane))).collect()
    };
    (0..count).map(layer).collect()
}

/// The height of a layer.
fn total(layer: &[Node], cards: &[Card]) -> usize {
    let nodes: usize = layer.iter().map(|node| node.height(cards)).sum();
    nodes + BETWEEN * layer.len().saturating_sub(1)
}

fn widest(layer: &[Node], cards: &[Card]) -> usize {
    let width = |node: &Node| match node {
        Node::Card(card) => cards.get(*card).map_or(0, |card| card.width),
        Node::Lane(_) => 0,
    };
    layer.iter().map(width).max().unwrap_or_default()
}

/// The middles of a layer's nodes, from the middle of the layer on; shifted, so that none is negative.
fn stack(layer: &[Node], cards: &[Card]) -> Vec<usize> {
    const MIDDLE: usize = 1 << 20;
    let mut y = MIDDLE.saturating_sub(total(layer, cards) / 2);
    let middle = |node: &Node| {
        let height = node.height(cards);
        let middle = y + height / 2;
        y += height + BETWEEN;
        middle
    };
    layer.iter().map(middle).collect()
}

/// Sorts each layer by the middles of the nodes that its own are joined with, in the layer before or, on the way back,
/// after it.
fn improve(layers: &mut [Vec<Node>], tops: &mut [Vec<usize>], cards: &[Card], routes: &[Route], rightwards: bool) {
    let count = layers.len();
    for step in 1..count {
        let (own, other) = if rightwards { (step, step - 1) } else { (count - 1 - step, count - step) };
        let (Some(layer), Some(others), Some(middles)) = (layers.get(own), layers.get(other), tops.get(other)) else {
            continue;
        };
        let (before, at) = (tops.get(own).cloned().unwrap_or_default(), others.iter().zip(middles));
        let wish = |node: Node| {
            let joined = at.clone().filter(|(other, _)| {
                if rightwards { other.leads_to(node, routes) } else { node.leads_to(**other, routes) }
            });
            let joined: Vec<usize> = joined.map(|(_, middle)| *middle).collect();
            joined.iter().sum::<usize>().checked_div(joined.len())
        };
        let mut wished: Vec<(usize, Node)> =
            layer.iter().zip(before).map(|(node, stays)| (wish(*node).unwrap_or(stays), *node)).collect();
        wished.sort_by_key(|(wish, _)| *wish);
        let sorted: Vec<Node> = wished.into_iter().map(|(_, node)| node).collect();
        let stacked = stack(&sorted, cards);
        if let (Some(layer), Some(middles)) = (layers.get_mut(own), tops.get_mut(own)) {
            (*layer, *middles) = (sorted, stacked);
        }
    }
}

/// Puts a node at its place.
fn place(node: Node, (left, right, y): (usize, usize, usize), cards: &mut [Card], routes: &mut [Route]) {
    match node {
        Node::Card(card) => cards.iter_mut().skip(card).take(1).for_each(|card| (card.x, card.y) = (left, y)),
        Node::Lane(lane) => {
            routes.iter_mut().skip(lane).take(1).for_each(|route| route.lanes.push((left, right, y + LANE / 2)));
        }
    }
}

/// Tells the lines of a layer's tables where the layer ends.
fn leave(layer: &[Node], right: usize, routes: &mut [Route]) {
    for route in routes.iter_mut().filter(|route| layer.contains(&Node::Card(route.from))) {
        route.leaves = right;
    }
}
