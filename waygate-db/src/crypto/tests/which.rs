//! Which key provider the variables ask for.

use super::*;
use crate::{EnvKeys, Environment, Error, provider_from};

fn chosen(vars: &[(&str, &str)]) -> Result<Option<String>> {
    let keys = provider_from(&Environment::from_vars(vars.iter().copied()))?;
    Ok(keys.map(|keys| keys.id().to_owned()))
}

fn refused(vars: &[(&str, &str)]) -> Error {
    let error = chosen(vars).unwrap_err();
    assert!(
        error.is_config() && error.advice().is_some() && !format!("{error} {error:?}").contains("s3cret"),
        "{error}"
    );
    error
}

#[test]
fn without_any_variable_there_are_no_keys_and_with_keys_they_are_the_environments() -> Result<()> {
    assert_eq!(chosen(&[])?, None);
    assert_eq!(chosen(&[("WAYGATE_KEY_PROVIDER", "")])?, None);
    let fresh = EnvKeys::fresh_vars()?;
    let fresh = [0, 1].map(|place| (&*fresh[place].0, &*fresh[place].1));
    assert_eq!(chosen(&fresh)?.as_deref(), Some("env"));
    assert_eq!(chosen(&[&fresh[..], &[("WAYGATE_KEY_PROVIDER", "env")]].concat())?.as_deref(), Some("env"));
    // Asked for by name, they have to be there.
    assert!(refused(&[("WAYGATE_KEY_PROVIDER", "env")]).message().contains("WAYGATE_KEK_CURRENT"));
    Ok(())
}

#[test]
fn an_unknown_provider_is_told_the_known_ones() {
    for (written, meant) in [("files", "=file"), ("hashicorp", "=vault"), ("Vault", "=vault"), ("environment", "=env")]
    {
        let error = refused(&[("WAYGATE_KEY_PROVIDER", written)]);
        assert!(error.advice().is_some_and(|advice| advice.contains("env, file and vault") && advice.contains(meant)));
    }
    let error = refused(&[("WAYGATE_KEY_PROVIDER", "s3cret")]);
    assert!(error.advice().is_some_and(|advice| advice.ends_with("env, file and vault")), "{error}");
}

#[test]
fn keys_that_are_configured_and_not_chosen_are_told() {
    for (variable, provider) in [("WAYGATE_KEY_DIR", "file"), ("WAYGATE_VAULT_ADDR", "vault")] {
        let error = refused(&[(variable, "somewhere")]);
        assert!(error.message().contains(variable), "{error}");
        let error = refused(&[("WAYGATE_KEY_PROVIDER", provider)]);
        if cfg!(feature = "vault") || provider == "file" {
            assert!(error.message().contains(variable), "{error}");
        } else {
            assert!(error.advice().is_some_and(|advice| advice.contains("feature `vault`")), "{error}");
        }
    }
}

#[cfg(feature = "vault")]
#[test]
fn vault_takes_its_variables() -> Result<()> {
    let least = [
        ("WAYGATE_KEY_PROVIDER", "vault"),
        ("WAYGATE_VAULT_ADDR", "http://127.0.0.1:8200"),
        ("WAYGATE_VAULT_KEY", "waygate"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&least[..], more].concat();
    assert_eq!(chosen(&least)?.as_deref(), Some("vault-transit"));
    let all = [("WAYGATE_VAULT_MOUNT", "m/t"), ("WAYGATE_VAULT_NAMESPACE", "n"), ("WAYGATE_VAULT_TOKEN", "s3cret")];
    assert_eq!(chosen(&with(&all))?.as_deref(), Some("vault-transit"));
    assert!(refused(&least[..2]).message().contains("WAYGATE_VAULT_KEY"));
    let both = [("WAYGATE_VAULT_TOKEN", "s3cret"), ("WAYGATE_VAULT_TOKEN_FILE", "/run/token")];
    assert!(refused(&with(&both)).message().contains("WAYGATE_VAULT_TOKEN_FILE"));
    refused(&with(&[("WAYGATE_VAULT_TOKEN", "s3cret with a space")]));
    refused(&with(&[("WAYGATE_VAULT_MOUNT", "../sys")]));
    refused(&with(&[("WAYGATE_VAULT_NAMESPACE", "a b")]));
    Ok(())
}
