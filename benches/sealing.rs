//! Sealing and opening beside the bare cipher, and how often each allocates.
//!
//! The bare cipher is `aes-gcm-siv` as one would use it alone: a keyed cipher, a given nonce, 52 bytes to bind to, and a
//! new `Vec` for what comes out. Both run in turn, a small batch of one and then of the other, so that a busy machine
//! slows both, and what is compared is the median over all turns. Ends with 1 when 200 bytes cost more than [`BUDGET`]
//! times the bare cipher, or when a seal or an open allocates more than once.
//!
//! Instructions repeat where times do not. This counts those of 1,000 runs of `seal`, `open`, `bare-seal` or `bare-open`
//! at 200 bytes (the simulated processor has AES, but no SHA instructions):
//!
//! ```sh
//! bench=$(cargo bench --bench sealing --no-run 2>&1 | grep -o 'target/release/deps/sealing-[0-9a-f]*')
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no \
//!     --toggle-collect='sealing::counted*' "$bench" --count seal
//! ```
#![expect(clippy::expect_used, reason = "a bench ends at its first error")]

use std::alloc::System;
use std::env;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use uuid::Uuid;
use waygate::measure::Measured;
use waygate::models::IntegrationCredential;
use waygate_db::__crypto::{CellContext, DataKey, Keyring};
use waygate_db::cli::{print, table};
use waygate_db::{Encrypted, KeyPurpose, KeyScope, KeySecret, Model, Sealable, Secret};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The lengths of the values, in bytes.
const LENGTHS: [usize; 3] = [32, JUDGED, 4096];
/// The length at which the budget holds.
const JUDGED: usize = 200;
/// What a seal or an open may cost, in times of the bare cipher.
const BUDGET: f64 = 1.5;
/// Runs of one batch, so that looking at the clock costs nothing.
const BATCH: u32 = 64;
/// Turns of a whole run of the bench, and of `cargo test --benches`, which only sees that it runs.
const TURNS: [usize; 2] = [8_000, 10];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    if let [.., flag, what] = arguments.as_slice()
        && flag == "--count"
    {
        return count(what);
    }
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let turns = if is_bench { TURNS[0] } else { TURNS[1] };
    let compared: Vec<Compared> = LENGTHS.iter().flat_map(|length| compare(*length, turns)).collect();
    report(&compared);
    keys(turns);
    let is_kept = compared.iter().all(|one| one.allocates_once() && (one.keeps_budget() || !is_bench));
    if is_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One value of a length, its place and its key; and the same for the bare cipher.
struct Fixture {
    value: Encrypted<String>,
    key: Arc<DataKey>,
    keyring: Keyring,
    context: CellContext,
    cell: Vec<u8>,
    cipher: Aes256GcmSiv,
    bound_to: [u8; 52],
    bare_cell: Vec<u8>,
}

impl Fixture {
    fn new(length: usize) -> Self {
        let tenant = Uuid::from_u128(1);
        let key = Arc::new(data_key(tenant));
        let keyring = Keyring::default();
        keyring.insert(Arc::clone(&key));
        let column = IntegrationCredential::TABLE.columns.iter().position(|one| one.name == "encrypted_refresh_token");
        let column = column.expect("the column");
        let mut fixture = Self {
            value: Encrypted::new("x".repeat(length)),
            key,
            keyring,
            context: CellContext::new(IntegrationCredential::TABLE, column, Uuid::from_u128(2), Some(tenant)),
            cell: Vec::new(),
            cipher: Aes256GcmSiv::new(&[7; 32].into()),
            bound_to: [3; 52],
            bare_cell: Vec::new(),
        };
        fixture.cell = fixture.seal();
        fixture.bare_cell = fixture.bare_seal();
        fixture
    }

    fn seal(&self) -> Vec<u8> {
        let plaintext = black_box(&self.value).plaintext().expect("an encoded value").expect("a value");
        plaintext.seal(&self.key, black_box(&self.context)).expect("a sealed value")
    }

    fn open(&self) -> Encrypted<String> {
        Encrypted::read(Some(black_box(&self.cell)), black_box(&self.context), &self.keyring).expect("an opened value")
    }

    fn bare_seal(&self) -> Vec<u8> {
        let payload = Payload { msg: black_box(self.value.expose()).as_bytes(), aad: &self.bound_to };
        self.cipher.encrypt(&black_box([5; 12]).into(), payload).expect("a ciphertext")
    }

    fn bare_open(&self) -> Vec<u8> {
        let payload = Payload { msg: black_box(&self.bare_cell), aad: &self.bound_to };
        self.cipher.decrypt(&black_box([5; 12]).into(), payload).expect("a plaintext")
    }
}

fn data_key(tenant: Uuid) -> DataKey {
    DataKey::from_secret(KeySecret::new([9; 32]), KeyScope::Tenant(tenant), KeyPurpose::Encrypt, 1).expect("a data key")
}

/// What sealing or opening costs at one length.
struct Compared {
    name: String,
    length: usize,
    ours: Measured,
    bare: Measured,
    /// Ours to bare within one turn: the median of all turns.
    ratio: f64,
    /// Of one run of ours.
    allocations: f64,
}

impl Compared {
    fn new<T, U>(name: &str, length: usize, turns: usize, ours: impl Fn() -> T, bare: impl Fn() -> U) -> Self {
        let (mut our_times, mut bare_times) = (Vec::with_capacity(turns), Vec::with_capacity(turns));
        for turn in 0..turns {
            // Whoever comes second finds warmer caches, so they change places.
            if turn % 2 == 0 {
                bare_times.push(batch(&bare));
                our_times.push(batch(&ours));
            } else {
                our_times.push(batch(&ours));
                bare_times.push(batch(&bare));
            }
        }
        let pairs = our_times.iter().zip(&bare_times);
        let ratios = pairs.map(|(ours, bare)| ours.as_secs_f64() / bare.as_secs_f64()).collect();
        Self {
            name: format!("{name} {length} B"),
            length,
            ours: Measured::new(name, our_times),
            bare: Measured::new(name, bare_times),
            ratio: median(ratios),
            allocations: allocations(ours),
        }
    }

    fn keeps_budget(&self) -> bool {
        self.length != JUDGED || self.ratio <= BUDGET
    }

    fn allocates_once(&self) -> bool {
        self.allocations <= 1.0
    }
}

fn compare(length: usize, turns: usize) -> [Compared; 2] {
    let fixture = Fixture::new(length);
    [
        Compared::new("seal", length, turns, || fixture.seal(), || fixture.bare_seal()),
        Compared::new("open", length, turns, || fixture.open(), || fixture.bare_open()),
    ]
}

/// How long one run takes, as a part of a batch. What comes out is dropped, and so wiped, within it.
fn batch<T>(run: impl Fn() -> T) -> Duration {
    let start = Instant::now();
    for _ in 0..BATCH {
        black_box(run());
    }
    start.elapsed() / BATCH
}

/// How often a run allocates, or moves what it allocated.
fn allocations<T>(run: impl Fn() -> T) -> f64 {
    let region = Region::new(ALLOCATOR);
    batch(run);
    let change = region.change();
    let count = u32::try_from(change.allocations + change.reallocations).unwrap_or(u32::MAX);
    f64::from(count) / f64::from(BATCH)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::INFINITY)
}

fn report(compared: &[Compared]) {
    let mut out = table(&["", "ours ns", "bare ns", "ratio", "allocations", "budget"]);
    for one in compared {
        out.add_row([
            one.name.clone(),
            one.ours.percentile(50).as_nanos().to_string(),
            one.bare.percentile(50).as_nanos().to_string(),
            format!("{:.2}", one.ratio),
            format!("{:.2}", one.allocations),
            verdict(one).to_owned(),
        ]);
    }
    print(format_args!("Beside the bare cipher, whose budget is {BUDGET} times at {JUDGED} B"));
    print(out);
}

fn verdict(one: &Compared) -> &'static str {
    match (one.allocates_once(), one.keeps_budget(), one.length == JUDGED) {
        (false, ..) => "ALLOCATES",
        (_, false, _) => "BROKEN",
        (.., true) => "kept",
        (.., false) => "",
    }
}

/// Prints what is paid once for each key, not for each value.
fn keys(turns: usize) {
    let tenant = Uuid::from_u128(1);
    let fixture = Fixture::new(JUDGED);
    let derive = || data_key(tenant);
    let first = || {
        let plaintext = fixture.value.plaintext().expect("an encoded value").expect("a value");
        plaintext.seal(&data_key(tenant), &fixture.context).expect("a sealed value")
    };
    let mut out = table(&["once for each key", "p50 ns"]);
    let mut row = |name: &str, run: &dyn Fn()| {
        let times = (0..turns.div_ceil(4)).map(|_| batch(run)).collect();
        out.add_row([name.to_owned(), Measured::new(name, times).percentile(50).as_nanos().to_string()]);
    };
    row("data key and its commitment", &|| drop(black_box(derive())));
    row("the same, and a column's first seal", &|| drop(black_box(first())));
    print(out);
}

/// Runs one operation 1,000 times for an instruction counter.
fn count(what: &str) -> ExitCode {
    let fixture = Fixture::new(JUDGED);
    match what {
        "seal" => counted(|| fixture.seal()),
        "open" => counted(|| fixture.open()),
        "bare-seal" => counted(|| fixture.bare_seal()),
        "bare-open" => counted(|| fixture.bare_open()),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

#[inline(never)]
fn counted<T>(run: impl Fn() -> T) {
    for _ in 0..1_000 {
        black_box(run());
    }
}
