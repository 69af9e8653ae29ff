//! Cells put where they do not belong.

use super::super::wire::Header;
use super::*;
use crate::value::Json;

const ALTERED: &str = "altered, or moved from another row, column or tenant";

/// Opening `cell` at `context` fails with the one text for a cell that is not what was sealed there.
fn is_refused_as_altered(cell: &[u8], context: &CellContext, keyring: &Keyring) {
    let error = open::<String>(cell, context, keyring).unwrap_err();
    assert!(error.is_decrypt() && error.message().contains(ALTERED), "{error}");
    assert!(error.message().starts_with(&context.column_name()), "{error}");
}

#[test]
fn a_cell_opens_in_no_other_row_column_or_table() -> Result<()> {
    let key = acme_key()?;
    let keyring = keyring_of(&[&key]);
    let cell = seal("a token".to_owned(), &key, &acme_token())?;
    is_refused_as_altered(&cell, &CellContext::new(&TOKENS, TOKEN, OTHER_ROW, Some(ACME)), &keyring);
    is_refused_as_altered(&cell, &CellContext::new(&TOKENS, REFRESH, ROW, Some(ACME)), &keyring);
    is_refused_as_altered(&cell, &CellContext::new(&OTHERS, TOKEN, ROW, Some(ACME)), &keyring);
    Ok(())
}

#[test]
fn a_cell_opens_for_no_other_tenant() -> Result<()> {
    let key = acme_key()?;
    let cell = seal("a token".to_owned(), &key, &acme_token())?;
    let rivals = CellContext::new(&TOKENS, TOKEN, ROW, Some(RIVAL));
    // Even with Acme's key at hand, it is not a key of Rival's scope.
    let error = open::<String>(&cell, &rivals, &keyring_of(&[&key])).unwrap_err();
    assert!(error.is_key() && error.message().contains("scope"), "{error}");
    Ok(())
}

/// The digest alone holds, also where the scope check would have stopped the cell.
#[test]
fn the_tenant_is_authenticated_too() -> Result<()> {
    let key = acme_key()?;
    let header = Header { flags: 3, codec: 1, key_id: key.id() };
    let digest = |context: CellContext| Ok::<_, crate::Error>(context.bound_to(&header, context.encryption()?));
    let acmes = digest(acme_token())?;
    let rivals = digest(CellContext::new(&TOKENS, TOKEN, ROW, Some(RIVAL)))?;
    let nobodys = digest(CellContext::new(&TOKENS, TOKEN, ROW, None))?;
    assert!(acmes != rivals && acmes != nobodys && rivals != nobodys);
    assert_eq!(acmes.len(), 52);
    Ok(())
}

#[test]
fn a_cell_survives_the_rename_of_its_table_and_column() -> Result<()> {
    let key = acme_key()?;
    let cell = seal("a token".to_owned(), &key, &acme_token())?;
    let renamed = CellContext::new(&RENAMED, TOKEN, ROW, Some(ACME));
    assert_eq!(open::<String>(&cell, &renamed, &keyring_of(&[&key]))?, "a token");
    Ok(())
}

#[test]
fn only_a_key_of_the_rows_scope_seals() -> Result<()> {
    let (acme, rival) = (acme_key()?, DataKey::generate(KeyScope::Tenant(RIVAL), KeyPurpose::Encrypt, 1)?);
    let app = DataKey::generate(KeyScope::App, KeyPurpose::Encrypt, 1)?;
    let at = |table, tenant| CellContext::new(table, TOKEN, ROW, tenant);
    let seals =
        |key: &DataKey, context: &CellContext| seal("x".to_owned(), key, context).map_err(|error| error.is_key());

    assert!(seals(&acme, &at(&TOKENS, Some(ACME))).is_ok());
    assert_eq!(seals(&rival, &at(&TOKENS, Some(ACME))), Err(true));
    assert_eq!(seals(&app, &at(&TOKENS, Some(ACME))), Err(true));
    // A tenant's table whose tenant was left out: no key, rather than a weaker binding.
    assert_eq!(seals(&acme, &at(&TOKENS, None)), Err(true));
    assert_eq!(seals(&app, &at(&TOKENS, None)), Err(true));
    assert!(seals(&app, &at(&SHARED, None)).is_ok());
    assert_eq!(seals(&acme, &at(&SHARED, None)), Err(true));
    // The row does not say whose it is; its parent does.
    assert!(seals(&acme, &at(&CHILDREN, None)).is_ok());
    Ok(())
}

#[test]
fn a_weaker_binding_is_refused_where_the_column_requires_a_stronger() -> Result<()> {
    let key = acme_key()?;
    let row_bound = seal("x".to_owned(), &key, &CellContext::new(&CHILDREN, TOKEN, ROW, None))?;
    let error = open::<String>(&row_bound, &acme_token(), &keyring_of(&[&key])).unwrap_err();
    assert!(error.is_decrypt() && error.message().contains("not bound"), "{error}");
    Ok(())
}

#[test]
fn a_cell_of_another_codec_is_refused_by_name() -> Result<()> {
    let key = acme_key()?;
    let keyring = keyring_of(&[&key]);
    let cell = seal("\"x\"".to_owned(), &key, &acme_token())?;
    let error = open::<Json>(&cell, &acme_token(), &keyring).unwrap_err();
    assert!(error.is_decrypt() && error.message().contains("sealed as text, and the field holds JSON"), "{error}");
    Ok(())
}

#[test]
fn another_key_under_the_same_id_does_not_open() -> Result<()> {
    let key = acme_key()?;
    let mut cell = seal("x".to_owned(), &*acme_key()?, &acme_token())?;
    cell[4..20].copy_from_slice(&key.id().0);
    is_refused_as_altered(&cell, &acme_token(), &keyring_of(&[&key]));
    Ok(())
}
