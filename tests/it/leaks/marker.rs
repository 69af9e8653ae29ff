//! A text that must not be found, in every form in which bytes are commonly printed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// A text, and the ways to write it.
pub(super) struct Marker(String);

impl Marker {
    /// A marker of this text: long, and of letters and digits alone, which no escaping changes.
    pub(super) fn of(core: &str) -> Self {
        assert!(core.len() >= 12 && core.is_ascii());
        Self(core.to_owned())
    }

    /// The text among characters that each language escapes in its own way.
    pub(super) fn text(&self) -> String {
        format!("é'\"\\ {} $1\n\t{{}}", self.0)
    }

    /// Each way to write it.
    pub(super) fn forms(&self) -> Vec<String> {
        let bytes = self.0.as_bytes();
        let joined =
            |separator: &str, one: fn(&u8) -> String| bytes.iter().map(one).collect::<Vec<_>>().join(separator);
        let mut forms = vec![self.0.clone(), self.0.chars().rev().collect()];
        for separator in ["", " ", ", ", ":", "%", "\\x", "\\u00", "\\n"] {
            forms.push(joined(separator, |byte| format!("{byte:02x}")));
            forms.push(joined(separator, |byte| format!("{byte:02X}")));
        }
        forms.extend([" ", ", ", ","].map(|separator| joined(separator, u8::to_string)));
        forms.push(joined("\\", |byte| format!("{byte:03o}")));
        // Inside longer base64 the text starts at the first, second or third byte of a group.
        for start in 0..3 {
            let whole = (bytes.len() - start) / 3 * 3;
            forms.push(STANDARD_NO_PAD.encode(&bytes[start..start + whole]));
        }
        forms
    }

    /// The form in which a text shows it.
    pub(super) fn found_in(&self, text: &str) -> Option<String> {
        self.forms().into_iter().find(|form| text.contains(form))
    }

    #[track_caller]
    pub(super) fn assert_absent(&self, place: &str, text: &str) {
        if let Some(form) = self.found_in(text) {
            let at = text.find(&form).unwrap();
            let around: String = text[..at].chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
            panic!("{place} shows a secret as `{form}`, after: {around}");
        }
    }

    #[track_caller]
    pub(super) fn assert_shown(&self, place: &str, text: &str) {
        assert!(
            self.found_in(text).is_some(),
            "{place} does not show what is plain: nothing is learnt from its silence"
        );
    }
}

#[test]
fn a_marker_is_found_in_each_form() {
    let marker = Marker::of("kestrel8Qz4711");
    let bytes = marker.text().into_bytes();
    let base64 = |prefix: &[u8]| STANDARD_NO_PAD.encode([prefix, &bytes].concat());
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    for shown in [
        marker.text(),
        format!("{:?}", marker.text()),
        serde_json::to_string(&marker.text()).unwrap(),
        crate::support::hex(&marker.text()),
        format!("{bytes:?}"),
        format!("{bytes:02x?}"),
        base64(b""),
        base64(b"1"),
        base64(b"12"),
        percent,
    ] {
        assert!(marker.found_in(&shown).is_some(), "{shown}");
    }
    assert_eq!(marker.found_in("kestrel8Qz471 kestrel 8Qz4711 6b657374"), None);
}
