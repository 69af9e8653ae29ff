//! A value's bytes on their way into a cell, in the buffer that becomes the cell.

use std::io::{self, Write};

use zeroize::Zeroizing;

use super::wire::{BODY, TAG_LEN};

/// A value's bytes, with room before them for a cell's header and nonce: they are encrypted where they stand, and no
/// second copy of them is made. Wiped when dropped, and whenever they move to a larger buffer.
pub struct Draft(Zeroizing<Vec<u8>>);

impl Draft {
    /// A draft for a value of this length, with room for its usual padding and its tag.
    pub(super) fn with_room_for(length: usize) -> Self {
        let mut buffer = Vec::with_capacity(BODY + length + length / 8 + 16 + TAG_LEN);
        buffer.resize(BODY, 0);
        Self(Zeroizing::new(buffer))
    }

    /// The draft of these bytes.
    pub(super) fn of(value: &[u8]) -> Self {
        let mut draft = Self::with_room_for(value.len());
        draft.push(value);
        draft
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// The value.
    pub(super) fn value(&self) -> &[u8] {
        self.0.get(BODY..).unwrap_or_default()
    }

    /// The whole buffer, with room for so many bytes more.
    pub(super) fn into_buffer(mut self, further: usize) -> Zeroizing<Vec<u8>> {
        self.reserve(further);
        self.0
    }

    /// Makes room, and wipes the smaller buffer: a `Vec` that grows by itself leaves its bytes behind.
    fn reserve(&mut self, further: usize) {
        let needed = self.0.len() + further;
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
