//! Database URLs and the environment: what they read, and that they never tell a secret.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use waygate_db::{Config, DatabaseUrl, Environment};

const SECRET: &str = "hunter2";

fn url(text: &str) -> DatabaseUrl {
    text.parse().unwrap()
}

/// The message of a URL that must be refused; checks on the way that it tells nothing.
fn refusal(text: &str) -> String {
    let error = text.parse::<DatabaseUrl>().unwrap_err();
    assert!(error.is_config(), "{text}: {error:?}");
    let said = format!("{error} {error:?}");
    assert!(!said.contains(SECRET), "{text}: {said}");
    error.to_string()
}

#[test]
fn a_url_is_printed_without_its_password_and_exposed_with_it() {
    let url = url(
        "postgresql://ada%40home:p%40ss%2Fhunter2@[::1]:5433/my%20db?application_name=it%27s%20me&connect_timeout=3",
    );
    assert_eq!(
        url.to_string(),
        "postgres://ada%40home:***@[::1]:5433/my%20db?application_name=it%27s%20me&connect_timeout=3"
    );
    assert_eq!(format!("{url:?}"), format!("DatabaseUrl({url})"));
    assert_eq!((url.user(), url.database(), url.host().as_str()), ("ada@home", "my db", "[::1]:5433"));
    let config = url.to_config();
    assert_eq!(config.get_password(), Some(&b"p@ss/hunter2"[..]));
    assert_eq!(config.get_application_name(), Some("it's me"));
    assert_eq!(config.get_ports(), [5433]);
    assert_eq!(url.expose().parse::<DatabaseUrl>().unwrap(), url);
}

#[test]
fn a_url_is_changed_part_by_part() {
    let url = url("postgres://admin:hunter2@db.example.com");
    assert_eq!(url.database(), "admin");
    let app = url.with_user("waygate_app").unwrap().with_password(Some("a:b")).with_database("x/y");
    assert_eq!(app.expose(), "postgres://waygate_app:a%3Ab@db.example.com:5432/x%2Fy");
    assert_eq!(app.with_password(None).expose(), "postgres://waygate_app@db.example.com:5432/x%2Fy");
    assert!(url.with_user("").unwrap_err().is_config());
}

#[test]
fn a_socket_is_named_by_a_parameter_or_encoded_in_the_hosts_place() {
    for text in ["postgres://ada@/app?host=/tmp/x&port=5433", "postgres://ada@%2Ftmp%2Fx:5433/app"] {
        let url = url(text);
        assert_eq!(url.host(), "/tmp/x/.s.PGSQL.5433");
        assert_eq!(url.expose(), "postgres://ada@/app?host=/tmp/x&port=5433");
        assert_eq!(url.to_config().get_hosts(), [tokio_postgres::config::Host::Unix("/tmp/x".into())]);
    }
    let two = url("postgres://ada@one,two:7/app");
    assert_eq!(two.host(), "one:5432,two:7");
}

#[test]
fn only_sockets_and_loopback_addresses_are_local() {
    for local in [
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "127.8.8.8",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "%2Ftmp",
        "localhost,127.0.0.1",
    ] {
        assert!(url(&format!("postgres://a@{local}/b")).is_local(), "{local}");
    }
    for remote in ["db.example.com", "10.0.0.1", "localhost.example.com", "localhost,db.example.com", "[::2]"] {
        assert!(!url(&format!("postgres://a@{remote}/b")).is_local(), "{remote}");
    }
    assert!(!url("postgres://a@localhost/b?hostaddr=10.0.0.1").is_local(), "the address is what is connected to");
    assert!(!url("postgres://a@localhost/b?host=db.example.com").is_local());
}

#[test]
fn a_malformed_url_is_refused_without_being_quoted() {
    for (text, expected) in [
        ("mysql://ada:hunter2@h/db", "neither postgres:// nor"),
        ("hunter2", "neither postgres:// nor"),
        ("", "neither postgres:// nor"),
        ("postgres://", "names no user"),
        ("postgres://h/hunter2", "names no user"),
        ("postgres://:hunter2@h/db", "names no user"),
        ("postgres://ada:hunter2@/db", "names no host"),
        ("postgres://ada:x/hunter2@h/db", "write / as %2F"),
        ("postgres://ada:x?hunter2@h/db", "write / as %2F"),
        ("postgres://ada:x#hunter2@h/db", "write / as %2F"),
        ("postgres://ada:hunter2", "names no user"),
        ("postgres://ada:x@h:hunter2/db", "port that is not a number"),
        ("postgres://ada:x@h:0/db", "port that is not a number"),
        ("postgres://ada:x@h:1:hunter2/db", "port that is not a number"),
        ("postgres://ada:hunter2%FF@h/db", "in its password that is not UTF-8"),
        ("postgres://ada:hunter2%00@h/db", "zero byte in its password"),
        ("postgres://ada@[::1/hunter2", "[ without its ]"),
        ("postgres://ada@[::1]hunter2/x", "between a ] and the port"),
        ("postgres://ada:hunter2@h/db?hunter2=1", "unknown parameter"),
        ("postgres://ada:hunter2@h/db?hunter2", "parameter without a value"),
        ("postgres://ada:x@h/db?connect_timeout=hunter2", "value that connect_timeout does not take"),
        ("postgres://ada:x@h/db?hostaddr=hunter2", "value that hostaddr does not take"),
        ("postgres://ada:x@a,b,c/db?port=1,2", "as many ports as hosts"),
        ("postgres://ada:x@a,b/db?hostaddr=127.0.0.1", "as many values in hostaddr"),
        ("postgres://ada:hunter2@h/db?sslmode=hunter2", "unknown sslmode"),
        ("postgres://ada:hunter2@h/db?sslmode=require", "sslmode=require, but this program was built without TLS"),
        ("postgres://ada:hunter2@h/db?sslmode=verify-full", "built without TLS"),
        ("postgres://ada:hunter2@h/db?sslmode=verify-ca", "built without TLS"),
        ("postgres://ada:hunter2@h/db?sslrootcert=/x", "asks for sslrootcert"),
        ("postgres://ada:hunter2@h/db?sslmode=disable&sslrootcert=/x", "asks for sslrootcert"),
        ("postgres://ada:hunter2@h/db?sslaccept=strict", "asks for sslaccept"),
        ("postgres://ada:x@h/db?pgbouncer=hunter2", "value that pgbouncer does not take"),
        ("postgres://ada:x@h/db?pgbouncer=", "value that pgbouncer does not take"),
        ("postgres://ada:x@h/db?connection_limit=0", "value that connection_limit does not take"),
        ("postgres://ada:x@h/db?connection_limit=hunter2", "value that connection_limit does not take"),
        ("postgres://ada:x@h/db?pool_timeout=-1", "value that pool_timeout does not take"),
        ("postgres://ada:x@h/db?schema=hunter2", "value that schema does not take"),
    ] {
        let said = refusal(text);
        assert!(said.contains(expected), "{text}: {said}");
        assert!(said.contains("help:"), "{text}: {said}");
    }
}

#[test]
fn parameters_that_do_not_need_tls_are_taken() {
    let url = url(
        "postgres://ada@h/db?sslmode=allow&pgbouncer=true&options=-c%20work_mem%3D1MB&target_session_attrs=read-write",
    );
    assert_eq!(url.parameter("pgbouncer"), Some("true"));
    assert_eq!(url.to_config().get_options(), Some("-c work_mem=1MB"));
    assert_eq!(url.to_config().get_ssl_mode(), tokio_postgres::config::SslMode::Prefer);
    let folded = "postgres://h?user=ada&password=hunter2&dbname=app&port=7".parse::<DatabaseUrl>().unwrap();
    assert_eq!(folded.to_string(), "postgres://ada:***@h:7/app");
}

#[test]
fn urls_as_poolers_and_other_clients_hand_them_out_are_understood() {
    let pooled = url("postgresql://postgres.abcd:p%40s%3Fs%2Fhunter2@aws-0.pooler.example.com:6543/postgres\
         ?pgbouncer=true&connection_limit=1&pool_timeout=20&connect_timeout=30&schema=public&supa=base-pooler.x");
    assert!(pooled.is_pooled());
    assert_eq!(pooled.user(), "postgres.abcd");
    assert_eq!((pooled.connection_limit(), pooled.pool_timeout()), (Some(1), Some(Duration::from_secs(20))));
    let config = format!("{:?}", Config::new(pooled.clone()));
    assert!(config.contains("size: 1, wait: 20s"), "{config}");
    let config = pooled.to_config();
    assert_eq!(config.get_password(), Some(&b"p@s?s/hunter2"[..]));
    assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(30)));
    assert_eq!(pooled.expose().parse::<DatabaseUrl>().unwrap(), pooled, "nothing is lost on the way to an env file");
    assert!(pooled.with_user("waygate_app").unwrap().is_pooled(), "also for the other logins");

    let direct =
        url("postgres://postgres@db.example.com/postgres?pgbouncer=false&options=reference%3Dabcd&workaround=x");
    assert!(!direct.is_pooled());
    assert_eq!((direct.connection_limit(), direct.pool_timeout()), (None, None));
    assert_eq!(direct.to_config().get_options(), Some("reference=abcd"));
    assert!(!url("postgres://ada@h/db").is_pooled(), "never guessed");
}

fn load(folder: &Path, process: &[(&str, &str)]) -> waygate_db::Result<Environment> {
    Environment::load_from(folder, process.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))))
}

#[test]
fn the_process_wins_over_env_local_which_wins_over_env() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join(".env"),
        "WAYGATE_APP_URL=1\nWAYGATE_SERVICE_URL=1\nWAYGATE_KEK_a=1\nDATABASE_URL=postgres://a@h/b\nOTHER=1\n",
    )
    .unwrap();
    fs::write(folder.path().join(".env.local"), "\u{feff}WAYGATE_APP_URL=2\nexport WAYGATE_SERVICE_URL='2 $x'\n")
        .unwrap();
    let found = load(folder.path(), &[("WAYGATE_APP_URL", "3"), ("DATABASE_URL", ""), ("PATH", "/bin")]).unwrap();
    let vars: Vec<_> = found.vars().collect();
    assert_eq!(vars, [("WAYGATE_APP_URL", "3"), ("WAYGATE_KEK_a", "1"), ("WAYGATE_SERVICE_URL", "2 $x")]);
    assert_eq!(found.get("DATABASE_URL"), None, "an empty variable hides the file's");
    assert_eq!(found.url("DATABASE_URL").unwrap(), None);
    assert!(!format!("{found:?}").contains('$'));
}

#[test]
fn no_file_and_no_variable_is_an_empty_environment() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(load(folder.path(), &[]).unwrap().vars().count(), 0);
}

#[test]
fn a_syntax_error_names_file_and_line_and_no_value() {
    let folder = tempfile::tempdir().unwrap();
    for (text, line) in [
        ("# note\n\nA=1\nWAYGATE_KEK_a=hunter2 and more\n", "line 4"),
        ("A=1\nWAYGATE_KEK_a='hunter2\nmore\n", "line 2"),
        ("hunter2\n", "line 1"),
    ] {
        fs::write(folder.path().join(".env.local"), text).unwrap();
        let error = load(folder.path(), &[]).unwrap_err();
        assert!(error.is_config());
        let said = format!("{error} {error:?}");
        assert!(said.contains(".env.local") && said.contains(line) && !said.contains(SECRET), "{said}");
    }
}

#[test]
fn a_wrong_url_names_its_variable() {
    let environment = Environment::from_vars([("WAYGATE_APP_URL", "mysql://ada:hunter2@h/db")]);
    let error = environment.url("WAYGATE_APP_URL").unwrap_err();
    assert!(error.is_config());
    assert!(error.message().starts_with("WAYGATE_APP_URL: the database URL begins"), "{error}");
    assert!(!format!("{error:?}").contains(SECRET));
}
