//! Whether a file is the one that was applied, as each tool tells.

use std::fmt::Write;

use sha2::{Digest, Sha256, Sha384};

use super::Tool;
use super::history::Row;
use super::layout::Old;

/// Whether the text is the one that the row is about. A checkout may have either line ends.
pub(super) fn fits(tool: Tool, file: &Old, row: &Row) -> bool {
    let lf = file.text.replace("\r\n", "\n");
    let texts = [file.text.clone(), lf.clone(), lf.replace('\n', "\r\n")];
    match tool {
        Tool::Prisma => texts.iter().any(|text| prisma(text, &row.checksum)),
        Tool::Sqlx => texts.iter().any(|text| hex(&Sha384::digest(text)) == row.checksum),
        Tool::Refinery => {
            let fits = |text: &String| refinery(&file.name, &file.key, text).contains(&row.checksum);
            row.name.as_ref().is_none_or(|name| *name == file.name) && texts.iter().any(fits)
        }
        // Its history has the version and nothing of the text.
        Tool::Diesel => true,
    }
}

/// Early versions left out the zero of a byte below 16.
fn prisma(text: &str, wanted: &str) -> bool {
    let sum = Sha256::digest(text);
    let unpadded = sum.iter().fold(String::new(), |mut all, byte| {
        // A String takes whatever is written.
        let _ = write!(all, "{byte:x}");
        all
    });
    hex(&sum) == wanted || unpadded == wanted
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "{byte:02x}");
        all
    })
}

/// SipHash-1-3 with a key of zeros over name, version and text, as Rust hashes two strings and an integer: its version
/// has 32 bits or, with a feature of its own, 64.
fn refinery(name: &str, version: &str, text: &str) -> Vec<String> {
    let sum = |version: &[u8]| {
        let end = [0xff_u8].as_slice();
        sip13(&[name.as_bytes(), end, version, text.as_bytes(), end].concat()).to_string()
    };
    let narrow = version.parse::<i32>().map(|version| sum(&version.to_le_bytes()));
    let wide = version.parse::<i64>().map(|version| sum(&version.to_le_bytes()));
    narrow.into_iter().chain(wide).collect()
}

fn sip13(bytes: &[u8]) -> u64 {
    // "somepseudorandomlygeneratedbytes"
    let mut state = [0x736f_6d65_7073_6575, 0x646f_7261_6e64_6f6d, 0x6c79_6765_6e65_7261, 0x7465_6462_7974_6573_u64];
    let mut chunks = bytes.chunks_exact(8);
    let take = |state: [u64; 4], word: u64| {
        let [v0, v1, v2, v3] = state;
        let [v0, v1, v2, v3] = round([v0, v1, v2, v3 ^ word]);
        [v0 ^ word, v1, v2, v3]
    };
    for chunk in &mut chunks {
        state = take(state, chunk.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte)));
    }
    let rest = chunks.remainder().iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte));
    // The length's last byte goes first.
    let length = u64::try_from(bytes.len()).unwrap_or_default() << 56;
    let [v0, v1, v2, v3] = take(state, rest | length);
    let [v0, v1, v2, v3] = round(round(round([v0, v1, v2 ^ 0xff, v3])));
    v0 ^ v1 ^ v2 ^ v3
}

fn round([v0, v1, v2, v3]: [u64; 4]) -> [u64; 4] {
    let (v0, v2) = (v0.wrapping_add(v1), v2.wrapping_add(v3));
    let (v1, v3) = (v1.rotate_left(13) ^ v0, v3.rotate_left(16) ^ v2);
    let (v0, v2) = (v0.rotate_left(32).wrapping_add(v3), v2.wrapping_add(v1));
    let (v3, v1) = (v3.rotate_left(21) ^ v0, v1.rotate_left(17) ^ v2);
    [v0, v1, v2.rotate_left(32), v3]
}
