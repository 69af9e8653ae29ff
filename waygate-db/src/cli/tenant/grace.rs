//! How long a key that was replaced stays live, as people write it.

use chrono::TimeDelta;

/// The longest: a key that never ends was not replaced.
const LONGEST: TimeDelta = TimeDelta::days(365);

/// Reads `90s`, `30m`, `12h`, `7d` or `0`.
pub(super) fn parse(text: &str) -> Result<TimeDelta, &'static str> {
    let time = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => count(number).and_then(|count| match text.as_bytes().last() {
            Some(b's') => TimeDelta::try_seconds(count),
            Some(b'm') => TimeDelta::try_minutes(count),
            Some(b'h') => TimeDelta::try_hours(count),
            _ => TimeDelta::try_days(count),
        }),
        None => (text == "0").then(TimeDelta::zero),
    };
    time.filter(|time| *time <= LONGEST).ok_or("write a number with s, m, h or d, as in 7d, a year at most; or 0")
}

fn count(number: &str) -> Option<i64> {
    // Without the sign that `parse` would take.
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}
