//! The current key's name, which a reference may be held to while it changes.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Every name that has been current, in the order of their first time, and the place of the one that is.
///
/// Names are kept, because `current_kek` hands out references to them. There are as many as rotations.
pub(super) struct CurrentName {
    first: Name,
    place: AtomicUsize,
}

struct Name {
    text: String,
    next: OnceLock<Box<Name>>,
}

impl Name {
    fn new(text: String) -> Self {
        Self { text, next: OnceLock::new() }
    }
}

impl CurrentName {
    pub(super) fn new(text: String) -> Self {
        Self { first: Name::new(text), place: AtomicUsize::new(0) }
    }

    pub(super) fn get(&self) -> &str {
        let mut name = &self.first;
        for _ in 0..self.place.load(Ordering::Acquire) {
            let Some(next) = name.next.get() else { break };
            name = next;
        }
        &name.text
    }

    pub(super) fn set(&self, text: &str) {
        let (mut name, mut place) = (&self.first, 0);
        while name.text != text {
            name = name.next.get_or_init(|| Box::new(Name::new(text.to_owned())));
            place += 1;
        }
        self.place.store(place, Ordering::Release);
    }
}
