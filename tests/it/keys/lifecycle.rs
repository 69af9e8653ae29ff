//! Keys made, listed, rotated, wrapped anew, retired and shredded.

use futures_util::future::join_all;
use waygate::models::IntegrationCredential;
use waygate_db::{EnvKeys, KeyPurpose, Model, keys};

use super::{active, listed, names_key, stale_cells, waygate};
use crate::cli::Waygate;
use crate::support::{Login, Outcome, Rows, TestDb};

#[tokio::test]
async fn init_makes_each_scopes_key_once() {
    let test = TestDb::new().await;
    let (acme, other) = (test.tenant("acme").await, test.tenant("other").await);
    let waygate = waygate(&test);
    assert_eq!(waygate.reports(&["keys", "init"])["made"], serde_json::json!(["app"]));
    let made = waygate.reports(&["keys", "init", "--tenants"]);
    let mut tenants = [acme.id().to_string(), other.id().to_string()];
    tenants.sort();
    assert_eq!(made["made"], serde_json::json!(tenants));
    assert_eq!(made["present"], 1);
    let again = waygate.reports(&["keys", "init", "--tenants"]);
    assert_eq!((again["made"].as_array().unwrap().len(), &again["present"]), (0, &serde_json::json!(3)));
    assert_eq!(test.count("waygate.data_keys").await, 3);
    // A value that is sealed afterwards takes the key that is there.
    Rows::of(&test, "third").await;
    assert_eq!(test.count("waygate.data_keys").await, 4);
}

#[tokio::test]
async fn many_inits_at_once_make_one_key_each() {
    let test = TestDb::new().await;
    for name in ["a", "b", "c"] {
        test.tenant(name).await;
    }
    let handles = join_all((0..4).map(|_| test.another())).await;
    let made = join_all(
        handles
            .iter()
            .map(async |db| keys::init(&db.service("init"), &waygate::models::SCHEMA, true).await.unwrap().made.len()),
    )
    .await;
    assert_eq!(made.iter().sum::<usize>(), 4);
    assert_eq!(test.count("waygate.data_keys").await, 4);
}

#[tokio::test]
async fn a_list_counts_cells_and_shows_no_key() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let waygate = waygate(&test);
    let keys = listed(&waygate);
    let [key] = keys.as_slice() else { panic!("{keys:?}") };
    assert_eq!(key["scope"], rows.tenant.id.to_string());
    assert_eq!((&key["cells"], &key["state"], &key["purpose"]), (&2.into(), &"active".into(), &"encrypt".into()));
    let wrapped = test.value(Login::Service, "SELECT encode(wrapped, 'hex') FROM waygate.data_keys").await;
    let printed = waygate.prints(&["keys", "list"]);
    assert!(printed.contains("active") && !printed.contains(&wrapped), "{printed}");
}

#[tokio::test]
async fn an_old_key_is_worth_a_word() {
    let test = TestDb::new().await;
    Rows::of(&test, "acme").await;
    let waygate = waygate(&test);
    assert_eq!(waygate.run(&["keys", "list"]).stderr, "");
    let age = "UPDATE waygate.data_keys SET activated_at = now() - interval '366 days'";
    test.rows_of(Login::Service, age).await;
    assert!(waygate.run(&["keys", "list"]).stderr.contains("more than a year"));
    assert!(waygate.prints(&["keys", "doctor"]).contains("more than a year"));
}

#[tokio::test]
async fn of_many_rotations_at_once_each_is_whole_or_refused() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let which = keys::Which::Tenant(rows.tenant.id);
    let handles = join_all((0..4).map(|_| test.another())).await;
    let results =
        join_all(handles.iter().map(async |db| keys::rotate(&db.service("x"), which, KeyPurpose::Encrypt).await)).await;
    let won = results.iter().filter(|result| result.is_ok()).count() as u64;
    assert!(won >= 1);
    for error in results.into_iter().filter_map(Result::err) {
        assert!(error.is_key() && error.to_string().contains("came first"), "{error}");
    }
    assert_eq!(test.count("waygate.data_keys").await, 1 + won);
    assert_eq!(test.count("waygate.data_keys WHERE state = 'active'").await, 1);
}

#[tokio::test]
async fn a_rotated_key_opens_and_the_new_one_seals() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let waygate = waygate(&test);
    let old = active(&waygate, rows.tenant.id);
    let tenant = rows.tenant.id.to_string();
    let rotated = waygate.reports(&["keys", "rotate", "--tenant", &tenant]);
    assert_eq!(rotated["rotated"][0]["from"], old);
    assert_ne!(active(&waygate, rows.tenant.id), old);
    let anew = test.another().await.tenant(rows.tenant.id);
    let read = IntegrationCredential::find(rows.credential.id, &anew).await.unwrap().unwrap();
    assert_eq!(read.encrypted_refresh_token.unwrap().expose(), "refresh of acme");
    rows.credential.patch().encrypted_refresh_token("new").save(&anew).await.unwrap();
    assert_eq!(stale_cells(&test).await, 1, "what is written now is sealed under the new key");
    let nobody = uuid::Uuid::new_v4().to_string();
    assert!(waygate.fails(1, &["keys", "rotate", "--tenant", &nobody]).contains("no active key"));
    assert_eq!(waygate.run(&["keys", "rotate"]).code, 2, "whose key is to be said");
}

#[tokio::test]
async fn rewrap_leaves_the_cells_and_frees_the_old_kek() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let cells = "SELECT md5(string_agg(encrypted_data::text, '' ORDER BY id)) FROM integration_credentials";
    let before = test.value(Login::Service, cells).await;
    let [(new_name, new_key), (current, new_id)] = EnvKeys::fresh_vars().unwrap();
    let [(old_name, old_key), _] = test.key_vars().clone();
    let both = Waygate::on(test.urls()).var(&old_name, old_key).var(&new_name, &new_key).var(&current, &new_id);
    let done = both.reports(&["keys", "rewrap"]);
    assert_eq!((&done["rewrapped"], &done["current"]), (&1.into(), &0.into()));
    let again = both.reports(&["keys", "rewrap"]);
    assert_eq!((&again["rewrapped"], &again["current"]), (&0.into(), &1.into()));
    assert_eq!(test.value(Login::Service, cells).await, before);
    let vars = [(new_name.clone(), new_key.clone()), (current.clone(), new_id.clone())];
    let config = test.config_without_key().keys(EnvKeys::from_vars(vars).unwrap());
    let acme = waygate_db::Db::connect(config).await.unwrap().tenant(rows.tenant.id);
    assert!(IntegrationCredential::find(rows.credential.id, &acme).await.unwrap().is_some());
    Waygate::on(test.urls()).var(&new_name, new_key).var(&current, new_id).prints(&["keys", "doctor"]);
}

#[tokio::test]
async fn a_key_in_use_is_not_retired_and_one_that_is_not_is() {
    let test = TestDb::new().await;
    let rows = Rows::of(&test, "acme").await;
    let waygate = waygate(&test);
    let old = active(&waygate, rows.tenant.id);
    assert!(waygate.fails(1, &["keys", "retire", "--key", &old]).contains("is active"));
    waygate.prints(&["keys", "rotate", "--all"]);
    let retire = ["keys", "retire", "--writers-restarted", "--key", old.as_str()];
    let refused = waygate.fails(1, &retire);
    for column in ["encrypted_data: 1", "encrypted_refresh_token: 1"] {
        assert!(refused.contains(&format!("integration_credentials.{column}")), "{refused}");
    }
    let kept = waygate.reports(&["keys", "retire", "--all-unused", "--writers-restarted"]);
    assert_eq!(kept["removed"], serde_json::json!([]));
    names_key(kept["kept"][0].as_str().unwrap(), &old);

    waygate.prints(&["keys", "reencrypt"]);
    let soon = waygate.fails(1, &["keys", "retire", "--key", &old]);
    assert!(soon.contains("a moment ago") && soon.contains("20 minutes"), "{soon}");
    let later = "UPDATE waygate.data_keys SET retired_at = now() - interval '21 minutes' WHERE state = 'decrypt_only'";
    test.rows_of(Login::Service, later).await;
    let retired = waygate.reports(&["keys", "retire", "--all-unused"]);
    assert_eq!(retired["removed"], serde_json::json!([old]));
    assert_eq!(test.count("waygate.data_keys").await, 1);
    assert!(waygate.fails(1, &retire).contains("there is no data key"));
    let anew = test.another().await.tenant(rows.tenant.id);
    assert!(IntegrationCredential::find(rows.credential.id, &anew).await.unwrap().is_some());
}

#[tokio::test]
async fn a_shredded_tenants_secrets_are_gone_and_nobody_elses() {
    let test = TestDb::new().await;
    let (acme, other) = (Rows::of(&test, "acme").await, Rows::of(&test, "other").await);
    let waygate = waygate(&test);
    waygate.prints(&["keys", "rotate", "--all"]);
    let tenant = acme.tenant.id.to_string();
    let shred = ["keys", "shred", "--tenant", &tenant];
    assert!(waygate.fails(1, &shred).contains(&format!("--confirm {tenant}")));
    let others = other.tenant.id.to_string();
    let wrong = [&shred[..], &["--confirm", &others]].concat();
    assert!(waygate.fails(1, &wrong).contains("nothing was destroyed"));
    assert_eq!(test.count("waygate.data_keys WHERE wrapped IS NULL").await, 0);

    let printed = waygate.prints(&[&shred[..], &["--confirm", &tenant]].concat());
    for word in ["2 keys", "encrypted_refresh_token", "write-ahead log"] {
        assert!(printed.contains(word), "{word}: {printed}");
    }
    assert_eq!(test.count(&format!("waygate.data_keys WHERE scope = '{tenant}' AND wrapped IS NULL")).await, 2);
    let anew = test.another().await;
    let error = IntegrationCredential::find(acme.credential.id, &anew.tenant(acme.tenant.id)).await.refused();
    assert!(error.is_key_destroyed(), "{error}");
    assert!(IntegrationCredential::find(other.credential.id, &anew.tenant(other.tenant.id)).await.unwrap().is_some());

    // What is gone on purpose is no damage.
    let healthy = waygate.reports(&["keys", "doctor"]);
    assert_eq!((&healthy["healthy"], &healthy["destroyed"]), (&true.into(), &2.into()));
    let sealed = waygate.reports(&["keys", "reencrypt"]);
    assert_eq!((&sealed["tables"][0]["destroyed"], &sealed["tables"][0]["done"]), (&2.into(), &1.into()));
    let nobody = uuid::Uuid::new_v4().to_string();
    let unknown = waygate.fails(1, &["keys", "shred", "--tenant", &nobody, "--confirm", &nobody]);
    assert!(unknown.contains("no data key"), "{unknown}");
}
