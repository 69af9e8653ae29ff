//! Not faster than so many rows a second.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The common pace of all workers.
#[derive(Debug)]
pub(super) struct Pace {
    rows_per_second: Option<u32>,
    start: Instant,
    taken: AtomicU64,
}

impl Pace {
    pub(super) fn new(rows_per_second: Option<u32>) -> Self {
        Self { rows_per_second, start: Instant::now(), taken: AtomicU64::new(0) }
    }

    /// Waits until so many rows more are due.
    pub(super) async fn take(&self, rows: usize) {
        let Some(limit) = self.rows_per_second else { return };
        let before = self.taken.fetch_add(rows as u64, Ordering::AcqRel);
        let micros = before.saturating_mul(1_000_000) / u64::from(limit.max(1));
        let due = Duration::from_micros(micros);
        if let Some(wait) = due.checked_sub(self.start.elapsed()) {
            tokio::time::sleep(wait).await;
        }
    }
}
