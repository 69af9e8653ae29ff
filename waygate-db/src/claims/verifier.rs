//! [`TokenVerifier`]: who issues tokens, for whom, and by which keys.

use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use serde_json::Value;
use uuid::Uuid;

use super::key::VerifyingKey;
use super::{Claims, TokenRole};
use crate::error::{Error, Kind, Result};
use crate::schema::TenantClaim;
use crate::value::TenantId;

/// The longest token that is looked at; what fits a request's headers is shorter.
const LONGEST_TOKEN: usize = 16 * 1024;

/// Checks tokens: by one of its keys, of this issuer, for this audience, now, for a role that a user may have.
///
/// ```
/// use waygate_db::TokenVerifier;
///
/// # fn main() -> waygate_db::Result<()> {
/// # let secret = "a secret that the issuer has, of 32 bytes or more";
/// let verifier = TokenVerifier::new("https://project.supabase.co/auth/v1", "authenticated").hs256(secret)?;
/// assert!(verifier.verify("not a token").unwrap_err().is_unauthenticated());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct TokenVerifier {
    issuer: String,
    audience: String,
    claim: TenantClaim,
    leeway: Duration,
    keys: Vec<VerifyingKey>,
}

impl TokenVerifier {
    /// A verifier of tokens by this issuer for this audience, as their `iss` and `aud` say. Give it keys.
    #[must_use]
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: audience.into(),
            claim: TenantClaim::default(),
            leeway: Duration::from_secs(30),
            keys: Vec::new(),
        }
    }

    /// Accepts HS256 by this secret, of 32 bytes or more.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when it is shorter.
    pub fn hs256(self, secret: impl AsRef<[u8]>) -> Result<Self> {
        Ok(self.with(VerifyingKey::secret(secret.as_ref())?))
    }

    /// Accepts ES256 by this public key, in PEM.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when it is none on P-256.
    pub fn es256(self, pem: &str) -> Result<Self> {
        Ok(self.with(VerifyingKey::ec_pem(pem)?))
    }

    /// Accepts RS256 by this public key, in PEM, of 2048 bits or more.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when it is none.
    pub fn rs256(self, pem: &str) -> Result<Self> {
        Ok(self.with(VerifyingKey::rsa_pem(pem)?))
    }

    /// Accepts ES256 and RS256 by the keys of this JSON Web Key Set; a token's `kid` chooses.
    ///
    /// # Errors
    ///
    /// [`is_config`](Error::is_config) when it holds no such key.
    pub fn jwks(mut self, json: &str) -> Result<Self> {
        self.keys.extend(VerifyingKey::set(json)?);
        Ok(self)
    }

    /// Where a token names its tenant. Default: `app_metadata.tenant_id`.
    #[must_use]
    pub fn tenant_claim(mut self, claim: TenantClaim) -> Self {
        self.claim = claim;
        self
    }

    /// How far the issuer's clock may be off. Default: 30 seconds.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    fn with(mut self, key: VerifyingKey) -> Self {
        self.keys.push(key);
        self
    }

    /// The claims of a token that is in order.
    ///
    /// # Errors
    ///
    /// [`is_unauthenticated`](Error::is_unauthenticated), whatever is wrong with it.
    pub fn verify(&self, token: &str) -> Result<Claims> {
        let checked = self.claims_of(token).and_then(|claims| self.accept(&claims));
        checked.map_err(|Refusal(reason)| {
            tracing::debug!(reason, "a token was refused");
            Error::new(Kind::Unauthenticated, "the token is not accepted").help("log in anew")
        })
    }

    /// The claims, once the signature, the issuer, the audience and the times are checked.
    fn claims_of(&self, token: &str) -> Result<Value, Refusal> {
        if token.len() > LONGEST_TOKEN {
            return Err(Refusal("it is too long"));
        }
        let header = decode_header(token).map_err(|_| Refusal("it is malformed, or of an unknown algorithm"))?;
        if header.crit.is_some() {
            return Err(Refusal("it asks for an extension"));
        }
        let mut refusal = Refusal("no key is for it");
        for key in self.keys.iter().filter(|key| key.may_have_signed(&header)) {
            match decode::<Value>(token, &key.key, &self.validation(key)) {
                Ok(token) => return Ok(token.claims),
                Err(error) => refusal = Refusal(words(error.kind())),
            }
        }
        Err(refusal)
    }

    /// Rule: all of issuer, audience and end are there and right, and the algorithm is the key's.
    fn validation(&self, key: &VerifyingKey) -> Validation {
        let mut validation = Validation::new(key.algorithm());
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.validate_nbf = true;
        validation.leeway = self.leeway.as_secs();
        validation
    }

    /// Rule: a token is for a visitor, or for a user of one tenant; for the service there is none.
    fn accept(&self, claims: &Value) -> Result<Claims, Refusal> {
        let (role, tenant) = match claims.get("role").and_then(Value::as_str) {
            Some("anon") => (TokenRole::Anon, None),
            Some("authenticated") => (TokenRole::Authenticated, Some(self.tenant_in(claims)?)),
            _ => return Err(Refusal("its role is none that a user may have")),
        };
        Ok(Claims { role, tenant, json: claims.to_string().into() })
    }

    #[expect(clippy::disallowed_methods, reason = "this is authentication: the claims are verified")]
    fn tenant_in(&self, claims: &Value) -> Result<TenantId, Refusal> {
        let found = self.claim.names().try_fold(claims, |claims, name| claims.as_object()?.get(name));
        let text = found.and_then(Value::as_str).ok_or(Refusal("it names no tenant"))?;
        // In the one form that everybody reads alike: the server takes others than this library does.
        let uuid = Uuid::try_parse(text).ok().filter(|uuid| uuid.hyphenated().to_string() == text);
        uuid.map(TenantId::trust).ok_or(Refusal("its tenant is no UUID"))
    }
}

/// Why a token is refused, for the operator; it quotes nothing of the token.
struct Refusal(&'static str);

fn words(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ExpiredSignature => "it is over",
        ErrorKind::ImmatureSignature => "it does not hold yet",
        ErrorKind::InvalidIssuer => "it is of another issuer",
        ErrorKind::InvalidAudience => "it is for another audience",
        ErrorKind::InvalidSignature => "its signature is by another key",
        ErrorKind::MissingRequiredClaim(_) => "it lacks exp, iss or aud",
        _ => "it is malformed",
    }
}
