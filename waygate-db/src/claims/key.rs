//! The keys that tokens are signed by, and what each of them may sign.

use std::fmt;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, Header};
use serde_json::Value;

use crate::error::{Error, Kind, Result};

/// The shortest secret: as long as the hash, as RFC 7518 asks.
const SHORTEST_SECRET: usize = 32;
/// The shortest RSA key, as RFC 7518 asks: 2048 bits.
const SHORTEST_MODULUS: usize = 256;
/// What DER adds to a modulus of that length and its exponent.
const DER_OVERHEAD: usize = 14;
/// A point of P-256, uncompressed: a byte that says so and two coordinates.
const P256_POINT: usize = 65;

/// A key that checks signatures of one algorithm.
#[derive(Clone)]
pub(super) struct VerifyingKey {
    /// The name by which tokens choose among the keys of a set.
    id: Option<String>,
    algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

impl VerifyingKey {
    /// HS256, by a secret that whoever signs has too.
    pub(super) fn secret(secret: &[u8]) -> Result<Self> {
        if secret.len() < SHORTEST_SECRET {
            return Err(refused(
                "the secret for HS256 is shorter than 32 bytes",
                "make one of 32 random bytes or more",
            ));
        }
        Ok(Self { id: None, algorithm: Algorithm::HS256, key: DecodingKey::from_secret(secret) })
    }

    /// ES256, by a public key in PEM.
    pub(super) fn ec_pem(pem: &str) -> Result<Self> {
        let key = DecodingKey::from_ec_pem(pem.as_bytes()).ok();
        key.and_then(|key| Self::checked(None, Algorithm::ES256, key))
            .ok_or_else(|| refused("the key for ES256 is no public key on P-256 in PEM", "give the public key alone"))
    }

    /// RS256, by a public key in PEM.
    pub(super) fn rsa_pem(pem: &str) -> Result<Self> {
        let key = DecodingKey::from_rsa_pem(pem.as_bytes()).ok();
        key.and_then(|key| Self::checked(None, Algorithm::RS256, key)).ok_or_else(|| {
            refused("the key for RS256 is no public RSA key of 2048 bits or more in PEM", "give the public key alone")
        })
    }

    /// The keys of a JSON Web Key Set that this library knows how to use; others may stand beside them.
    pub(super) fn set(json: &str) -> Result<Vec<Self>> {
        let set: Option<Value> = serde_json::from_str(json).ok();
        let keys = set.as_ref().and_then(|set| set.get("keys")?.as_array());
        let keys: Vec<Self> = keys.into_iter().flatten().filter_map(Self::of_set).collect();
        if keys.is_empty() {
            return Err(refused(
                "the key set holds no public key for ES256 or RS256",
                "give the JSON that the issuer publishes, as at /auth/v1/.well-known/jwks.json",
            ));
        }
        Ok(keys)
    }

    /// One key of a set. A symmetric one is passed over: what is published is no secret.
    fn of_set(json: &Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(json.clone()).ok()?;
        let algorithm = match &jwk.algorithm {
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Algorithm::ES256,
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            _ => return None,
        };
        let is_for_it =
            jwk.common.key_algorithm.is_none_or(|named| Algorithm::try_from(named).is_ok_and(|it| it == algorithm));
        let is_for_signatures = matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature));
        let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| is_for_it && is_for_signatures)?;
        Self::checked(jwk.common.key_id, algorithm, key)
    }

    /// A public key that is long enough, and on the curve's scale.
    fn checked(id: Option<String>, algorithm: Algorithm, key: DecodingKey) -> Option<Self> {
        let fits = match (algorithm, key.kind()) {
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => point.len() == P256_POINT,
            (Algorithm::RS256, DecodingKeyKind::SecretOrDer(der)) => der.len() >= SHORTEST_MODULUS + DER_OVERHEAD,
            (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, .. }) => n.len() >= SHORTEST_MODULUS,
            _ => false,
        };
        fits.then_some(Self { id, algorithm, key })
    }

    /// Whether a token with this header may be by this key: it is of the key's algorithm, and names no other key.
    pub(super) fn may_have_signed(&self, header: &Header) -> bool {
        let is_named = match (&self.id, &header.kid) {
            (Some(own), Some(named)) => own == named,
            (None, _) | (_, None) => true,
        };
        header.alg == self.algorithm && is_named
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, algorithm, key: _ } = self;
        f.debug_struct("VerifyingKey").field("id", id).field("algorithm", algorithm).finish_non_exhaustive()
    }
}

fn refused(what: &str, advice: &str) -> Error {
    Error::new(Kind::Config, what).help(advice)
}
