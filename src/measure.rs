//! Durations of many runs of one operation: p50, p95, maximum.

use std::time::{Duration, Instant};

use waygate_db::Result;

/// The 95th percentile that every basic query has to stay under.
pub const BUDGET: Duration = Duration::from_millis(50);

/// Every duration of one operation, none thrown away.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What was measured.
    pub name: String,
    sorted: Vec<Duration>,
}

impl Measured {
    /// The durations of an operation.
    #[must_use]
    pub fn new(name: impl Into<String>, mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self { name: name.into(), sorted: durations }
    }

    /// How many runs there were.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.sorted.len()
    }

    /// The duration that `percent` of the runs did not exceed, by nearest rank; zero without any run.
    ///
    /// ```
    /// use std::time::Duration;
    /// use waygate::measure::Measured;
    ///
    /// let runs = (1..=100).map(Duration::from_millis).collect();
    /// assert_eq!(Measured::new("find", runs).percentile(95), Duration::from_millis(95));
    /// ```
    #[must_use]
    pub fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.sorted.len() * percent).div_ceil(100);
        self.sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// The longest run; zero without any.
    #[must_use]
    pub fn max(&self) -> Duration {
        self.sorted.last().copied().unwrap_or_default()
    }

    /// Whether the 95th percentile is within [`BUDGET`].
    #[must_use]
    pub fn keeps_budget(&self) -> bool {
        self.percentile(95) <= BUDGET
    }
}

/// Runs an operation so many times, one after the other, and measures each run.
///
/// # Errors
///
/// The first error of the operation.
pub async fn measure<T>(
    name: impl Into<String>,
    runs: usize,
    mut operation: impl AsyncFnMut(usize) -> Result<T>,
) -> Result<Measured> {
    let mut durations = Vec::with_capacity(runs);
    for run in 0..runs {
        let start = Instant::now();
        operation(run).await?;
        durations.push(start.elapsed());
    }
    Ok(Measured::new(name, durations))
}
