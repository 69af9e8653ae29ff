//! Reading a URL. No message here quotes the text: a misplaced `/` or `@` makes any part of it the password.

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;

use super::{DatabaseUrl, Endpoint, parameter};
use crate::error::{Error, Kind, Result};

const DEFAULT_PORT: u16 = 5432;

/// The parts of a URL while it is read; parameters may still replace them.
#[derive(Default)]
struct Draft {
    user: Option<String>,
    password: Option<String>,
    hosts: Vec<String>,
    ports: Vec<String>,
    database: Option<String>,
    parameters: Vec<(String, String)>,
}

pub(super) fn parse(text: &str) -> Result<DatabaseUrl> {
    let Some(rest) = ["postgres://", "postgresql://"].iter().find_map(|scheme| text.trim().strip_prefix(scheme)) else {
        return Err(malformed("begins with neither postgres:// nor postgresql://"));
    };
    let (authority, rest) = split_before(rest, &['/', '?', '#']);
    if rest.contains(['@', '#']) {
        return Err(malformed("has an @ or # where none can stand")
            .help("in a user, password or parameter write / as %2F, ? as %3F, # as %23 and @ as %40"));
    }
    let (path, query) = split_before(rest, &['?']);

    let mut draft = Draft::default();
    draft.read_authority(authority)?;
    if let Some(database) = path.strip_prefix('/').filter(|name| !name.is_empty()) {
        draft.database = Some(decode(database, "database")?);
    }
    for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
        draft.read_parameter(pair)?;
    }
    draft.finish()
}

/// A login needs a name: the driver would otherwise take the name of the account that runs the process.
pub(super) fn check_user(user: &str) -> Result<()> {
    if user.is_empty() {
        return Err(malformed("names no user"));
    }
    if user.contains('\0') {
        return Err(malformed("has a zero byte in its user"));
    }
    Ok(())
}

impl Draft {
    fn read_authority(&mut self, authority: &str) -> Result<()> {
        // The last @ ends the login, so that an unencoded one in a password still reads as meant.
        let hosts = match authority.rsplit_once('@') {
            Some((login, hosts)) => {
                let (user, password) = login.split_once(':').map_or((login, None), |(user, word)| (user, Some(word)));
                self.user = Some(decode(user, "user")?);
                self.password = password.map(|password| decode(password, "password")).transpose()?;
                hosts
            }
            None => authority,
        };
        for host in hosts.split(',').filter(|host| !host.is_empty()) {
            let (name, port) = split_port(host)?;
            self.hosts.push(decode(name, "host")?);
            self.ports.push(port.to_owned());
        }
        Ok(())
    }

    fn read_parameter(&mut self, pair: &str) -> Result<()> {
        let (key, value) = pair.split_once('=').ok_or_else(|| malformed("has a parameter without a value"))?;
        let value = decode(value, "parameters")?;
        match key {
            "user" => self.user = Some(value),
            "password" => self.password = Some(value),
            "dbname" => self.database = Some(value),
            "host" => self.hosts = split_list(&value),
            "port" => self.ports = split_list(&value),
            _ => self.parameters.push(parameter::read(key, value)?),
        }
        Ok(())
    }

    fn finish(self) -> Result<DatabaseUrl> {
        let Self { user, password, hosts, ports, database, parameters } = self;
        let user = user.unwrap_or_default();
        check_user(&user)?;
        let endpoints = endpoints(&hosts, &ports)?;
        let settings = settings(&parameters)?;
        let addresses = settings.get_hostaddrs().len();
        if addresses != 0 && addresses != endpoints.len() {
            return Err(malformed("has not as many values in hostaddr as hosts"));
        }
        let database = database.unwrap_or_else(|| user.clone());
        Ok(DatabaseUrl { user, password, endpoints, database, parameters, settings })
    }
}

/// Pairs hosts with ports: no port, one for all, or one each.
fn endpoints(hosts: &[String], ports: &[String]) -> Result<Vec<Endpoint>> {
    if hosts.is_empty() {
        return Err(malformed("names no host").help("write localhost, or ?host=/var/run/postgresql for a socket"));
    }
    if ports.len() > 1 && ports.len() != hosts.len() {
        return Err(malformed("has not as many ports as hosts"));
    }
    let shared = ports.first().map_or("", String::as_str);
    let ports = (0..hosts.len()).map(|at| ports.get(at).map_or(shared, String::as_str));
    hosts.iter().zip(ports).map(|(host, port)| Ok(Endpoint { host: host.clone(), port: read_port(port)? })).collect()
}

fn read_port(port: &str) -> Result<u16> {
    match port {
        "" => Ok(DEFAULT_PORT),
        port => port
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(|| malformed("has a port that is not a number from 1 to 65535")),
    }
}

/// The driver's reading of the parameters, one by one so that a message can name the one that is wrong.
fn settings(parameters: &[(String, String)]) -> Result<Config> {
    let mut words = String::new();
    for (key, value) in parameters.iter().filter(|(key, _)| parameter::is_drivers(key)) {
        let word = format!("{key}='{}' ", value.replace('\\', "\\\\").replace('\'', "\\'"));
        if word.parse::<Config>().is_err() {
            return Err(parameter::wrong_value(key));
        }
        words.push_str(&word);
    }
    words.parse().map_err(|_| malformed("has parameters that contradict each other"))
}

fn split_before<'a>(text: &'a str, marks: &[char]) -> (&'a str, &'a str) {
    text.find(marks).map_or((text, ""), |at| text.split_at(at))
}

/// Splits `host:port` and `[address]:port`.
fn split_port(host: &str) -> Result<(&str, &str)> {
    let Some(rest) = host.strip_prefix('[') else {
        return Ok(host.split_once(':').unwrap_or((host, "")));
    };
    let (address, rest) = rest.split_once(']').ok_or_else(|| malformed("has a [ without its ]"))?;
    match rest.strip_prefix(':') {
        Some(port) => Ok((address, port)),
        None if rest.is_empty() => Ok((address, "")),
        None => Err(malformed("has text between a ] and the port")),
    }
}

fn split_list(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn decode(text: &str, part: &str) -> Result<String> {
    let text = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| malformed(&format!("has a percent code in its {part} that is not UTF-8")))?;
    if text.contains('\0') {
        return Err(malformed(&format!("has a zero byte in its {part}")));
    }
    Ok(text.into_owned())
}

pub(super) fn malformed(what: &str) -> Error {
    Error::new(Kind::Config, format!("the database URL {what}"))
        .help("its form is postgres://user:password@host:5432/database")
}
