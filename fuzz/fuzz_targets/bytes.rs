//! Any bytes, taken for a sealed cell.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waygate_db::__crypto::{SealedCell, cell_key_id};
use waygate_fuzz::{KEYS, PLACES};

fuzz_target!(|bytes: &[u8]| {
    let parsed = SealedCell::parse(bytes);
    assert_eq!(cell_key_id(bytes), parsed.as_ref().ok().map(|cell| cell.header.key_id));
    if let Ok(cell) = parsed {
        let again = [&cell.header.to_bytes(), cell.nonce.as_slice(), cell.ciphertext, cell.tag].concat();
        assert_eq!(again, bytes);
    }
    // The key that a cell names is at hand, so that binding, padding and cipher decide too.
    let mut named = bytes.to_vec();
    if let Some(id) = named.get_mut(4..20) {
        id.copy_from_slice(&KEYS.acme.id().0);
    }
    for place in PLACES.iter() {
        assert!(!place.opens(bytes) && !place.opens(&named));
    }
});
