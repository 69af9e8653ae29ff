//! The routes, and the middleware before them.

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde::Serialize;
use waygate::models::Integration;
use waygate_db::{ApiKey, Db, Error, Id, Model, Result, TenantScope};

/// All routes; each stands behind the middleware. Handlers never see the `Db`: what they can reach is one tenant's.
pub(crate) fn router(db: Db) -> Router {
    Router::new().route("/integrations", get(integrations)).route_layer(from_fn_with_state(db, verify))
}

/// Gives the request its tenant's handle, or answers 401.
///
/// The answer is the same whether a key is absent, malformed, unknown or over: which of them it is helps nobody but a
/// guesser. A database that cannot be asked is no reason to call a key wrong.
async fn verify(State(db): State<Db>, mut request: Request, next: Next) -> Response {
    match tenant_of(request.headers(), &db).await {
        Ok(Some(tenant)) => {
            request.extensions_mut().insert(tenant);
            next.run(request).await
        }
        Ok(None) => {
            (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], "an API key is required").into_response()
        }
        Err(error) => Failure(error).into_response(),
    }
}

/// The tenant whose API key stands in `Authorization: Bearer …`.
async fn tenant_of(headers: &HeaderMap, db: &Db) -> Result<Option<TenantScope>> {
    let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
    match shown.map(str::parse::<ApiKey>) {
        Some(Ok(key)) => db.tenant_for_key(&key).await,
        Some(Err(_)) | None => Ok(None),
    }
}

/// What follows the scheme, whose case does not matter.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim_start())
}

/// An integration as this service shows it.
#[derive(Serialize)]
struct Shown {
    id: Id<Integration>,
    name: String,
    slug: String,
}

/// The caller's integrations: of this tenant, whatever the handler forgets to ask.
async fn integrations(Extension(tenant): Extension<TenantScope>) -> Result<Json<Vec<Shown>>, Failure> {
    let found = Integration::query().order_by(|one| one.slug.asc()).all(&tenant).await?;
    Ok(Json(found.into_iter().map(|Integration { id, name, slug, .. }| Shown { id, name, slug }).collect()))
}

/// An error that is the service's own: written to its log, and told to no caller.
struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "the request failed");
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}
