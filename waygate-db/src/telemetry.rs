//! One `tracing` event for each statement, in OpenTelemetry's words.
//!
//! Target `waygate_db::statement`, level DEBUG, WARN for a statement that failed. The text is the parameterised one;
//! parameters are never recorded. Costs one check when nobody listens.

use std::time::Instant;

use crate::error::Result;

const TARGET: &str = "waygate_db::statement";

/// When a statement left, if anybody wants to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Departure(Option<Instant>);

impl Departure {
    /// Now, unless nobody listens.
    pub(crate) fn now() -> Self {
        let wanted = tracing::enabled!(target: TARGET, tracing::Level::WARN)
            || tracing::enabled!(target: TARGET, tracing::Level::DEBUG);
        Self(wanted.then(Instant::now))
    }

    /// Records how the statement went, and why the service sent it if it did; `affected` counts the rows of a result.
    pub(crate) fn record<T>(
        self,
        text: &str,
        reason: Option<&str>,
        result: &Result<T>,
        affected: impl FnOnce(&T) -> u64,
    ) {
        let Some(start) = self.0 else { return };
        let elapsed_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        match result {
            Ok(reply) => tracing::debug!(
                target: TARGET,
                {
                    db.system.name = "postgresql",
                    db.query.text = text,
                    waygate.service.reason = reason,
                    elapsed_us,
                    rows = affected(reply)
                },
                "statement"
            ),
            Err(error) => tracing::warn!(
                target: TARGET,
                {
                    db.system.name = "postgresql",
                    db.query.text = text,
                    waygate.service.reason = reason,
                    db.response.status_code = error.code(),
                    elapsed_us
                },
                "statement failed"
            ),
        }
    }
}
