//! A server that keeps to the documented contract of the transit engine, and breaks it when told to.
//!
//! Statuses and bodies are those that OpenBao 2.7 was seen to answer with.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::super::cipher::{Cipher, Nonce};
use super::super::super::key::KeySecret;

pub(super) const TOKEN: &str = "hvs.token-4f1d77";
/// Stands in answers that no error may repeat.
pub(super) const MARKER: &str = "body-marker-91c2";

/// What comes instead of the contract's answer.
pub(super) enum Turn {
    Status(u16),
    /// These bytes, and the end of the connection.
    Raw(Vec<u8>),
    /// A body with status 200.
    Body(String),
    /// Nothing, for so long.
    Silence(Duration),
}

/// A request as it came.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) path: String,
    headers: Vec<(String, String)>,
    pub(super) items: usize,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn operation(&self) -> String {
        self.path.rsplit('/').nth(1).unwrap_or_default().to_owned()
    }
}

#[derive(Default)]
struct Key {
    versions: Vec<Cipher>,
    oldest: usize,
}

struct State {
    mount: String,
    token: String,
    keys: BTreeMap<String, Key>,
    turns: VecDeque<Turn>,
    seen: Vec<Seen>,
}

pub(super) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("{error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
        let state = State {
            mount: "transit".to_owned(),
            token: TOKEN.to_owned(),
            keys: BTreeMap::new(),
            turns: VecDeque::new(),
            seen: Vec::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &state));
            }
        });
        Self { address, state }
    }

    pub(super) fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    pub(super) fn mount(&self, mount: &str) {
        mount.clone_into(&mut self.state().mount);
    }

    pub(super) fn accept_token(&self, token: &str) {
        token.clone_into(&mut self.state().token);
    }

    pub(super) fn rotate(&self, key: &str) {
        self.state().keys.entry(key.to_owned()).or_default().rotate();
    }

    pub(super) fn forbid_versions_before(&self, key: &str, oldest: usize) {
        self.state().keys.entry(key.to_owned()).or_default().oldest = oldest;
    }

    pub(super) fn next(&self, turns: impl IntoIterator<Item = Turn>) {
        self.state().turns = turns.into_iter().collect();
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    pub(super) fn forget_seen(&self) {
        self.state().seen.clear();
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let Some((seen, body)) = read(&stream) else { return };
    let turn = {
        let mut state = locked(state);
        state.seen.push(Seen { items: body["batch_input"].as_array().map_or(0, Vec::len), ..seen.clone() });
        state.turns.pop_front()
    };
    let answer = match turn {
        None => {
            let (status, body) = locked(state).answer(&seen, &body);
            response(status, &body.to_string())
        }
        Some(Turn::Status(status)) => response(status, &json!({ "errors": [MARKER] }).to_string()),
        Some(Turn::Body(body)) => response(200, &body),
        Some(Turn::Raw(bytes)) => bytes,
        Some(Turn::Silence(time)) => {
            thread::sleep(time);
            return;
        }
    };
    stream.write_all(&answer).ok();
}

pub(super) fn response(status: u16, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

fn read(stream: &TcpStream) -> Option<(Seen, Value)> {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    };
    let path = line()?.strip_prefix("POST ")?.split(' ').next()?.to_owned();
    let mut headers = Vec::new();
    while let Some((name, value)) = line()?.split_once(": ") {
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let seen = Seen { path, headers, items: 0 };
    let mut body = vec![0; seen.header("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some((seen, serde_json::from_slice(&body).ok()?))
}

impl State {
    fn answer(&mut self, seen: &Seen, body: &Value) -> (u16, Value) {
        let prefix = format!("/v1/{}/", self.mount);
        let Some((operation, name)) = seen.path.strip_prefix(&prefix).and_then(|rest| rest.split_once('/')) else {
            return (404, json!({ "errors": ["no handler for route"] }));
        };
        if seen.header("x-vault-token") != Some(&self.token) {
            return (403, json!({ "errors": ["permission denied"] }));
        }
        let encrypts = operation == "encrypt";
        if !encrypts && !self.keys.contains_key(name) {
            return (400, json!({ "errors": ["encryption key not found"] }));
        }
        // With the right to create, encrypting makes a key that is not there.
        let key = self.keys.entry(name.to_owned()).or_default();
        let items = body["batch_input"].as_array().cloned().unwrap_or_default();
        let results: Vec<_> = items
            .iter()
            .map(|item| match if encrypts { key.encrypt(item) } else { key.decrypt(item) } {
                Ok(result) => result,
                Err(error) => json!({ "plaintext": "", "error": error, "reference": "" }),
            })
            .collect();
        let failed = results.iter().any(|result| result.get("error").is_some());
        let status = if failed && !encrypts { 400 } else { 200 };
        (status, json!({ "request_id": "0", "data": { "batch_results": results }, "warnings": null, "auth": null }))
    }
}

impl Key {
    fn rotate(&mut self) {
        self.versions.push(Cipher::new(KeySecret::random().unwrap_or_else(|error| panic!("{error}")).expose()));
    }

    fn encrypt(&mut self, item: &Value) -> Result<Value, &'static str> {
        if self.versions.is_empty() {
            self.rotate();
        }
        let (mut text, aad) = (bytes(item, "plaintext")?, bytes(item, "associated_data")?);
        let nonce = Nonce::random().unwrap_or_else(|error| panic!("{error}"));
        let mut body = nonce.bytes().to_vec();
        let sealed = self.versions.last().and_then(|key| key.seal(nonce, &aad, &mut text));
        let tag = sealed.ok_or("the plaintext is too long")?;
        body.extend([&text[..], &tag].concat());
        let (version, body) = (self.versions.len(), STANDARD.encode(body));
        Ok(json!({ "ciphertext": format!("vault:v{version}:{body}"), "key_version": version, "reference": "" }))
    }

    fn decrypt(&mut self, item: &Value) -> Result<Value, &'static str> {
        let text = item["ciphertext"].as_str().and_then(|text| text.strip_prefix("vault:v"));
        let (version, body) = text.and_then(|text| text.split_once(':')).ok_or("invalid ciphertext: no prefix")?;
        let version: usize = version.parse().map_err(|_| "invalid ciphertext: version number could not be decoded")?;
        if version < self.oldest {
            return Err("ciphertext or signature version is disallowed by policy (too old)");
        }
        let cipher = self.versions.get(version.wrapping_sub(1)).ok_or("invalid ciphertext: version is too new")?;
        let body = STANDARD.decode(body).map_err(|_| "invalid ciphertext: could not decode base64")?;
        let (nonce, rest) = body.split_first_chunk::<12>().ok_or("invalid ciphertext: too short")?;
        let (text, tag) = rest.split_last_chunk::<16>().ok_or("invalid ciphertext: too short")?;
        let mut text = text.to_vec();
        cipher
            .open(nonce, &bytes(item, "associated_data")?, &mut text, tag)
            .ok_or("cipher: message authentication failed")?;
        Ok(json!({ "plaintext": STANDARD.encode(text), "reference": "" }))
    }
}

fn bytes(item: &Value, field: &str) -> Result<Vec<u8>, &'static str> {
    let text = item[field].as_str().ok_or("missing field")?;
    STANDARD.decode(text).map_err(|_| "failed to base64-decode plaintext")
}
