//! The secret that headers may refer to: where it is, and what its references stand for.
//!
//! It is fetched anew for each invocation, so that a rotation needs no new deployment, and only where the spec refers to
//! it. Nothing here shows a value: neither an error nor `Debug`.

use crate::mask::{Mask, SHORTEST};
use crate::spec::Spec;
use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use serde_json::Value;
use shared::config::Settings;
use shared::{Error, Refusal, excerpt, sentence};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The secret is there by then. Without a way to Secrets Manager a call would take as long as the function has, and a
/// probe must end, checks and all, within the 20 s of its task.
const TIME_LIMIT: Duration = Duration::from_secs(5);

const NO_WAY: &str = "If smoke runs in SmokeSubnetIds, these need a VPC endpoint for Secrets Manager \
    (com.amazonaws.REGION.secretsmanager) that admits SmokeSecurityGroupIds, or a NAT.";

/// The secret of a spec that refers to one.
pub struct SecretSource {
    client: Client,
    arn: String,
    references: BTreeSet<Option<String>>,
}

impl SecretSource {
    /// None where the spec refers to no secret: no client is made then.
    ///
    /// # Errors
    /// `InvalidConfiguration` where the spec refers to one, and the stack names none.
    pub(crate) fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
        spec: &Spec,
        aws: impl FnOnce() -> SdkConfig,
    ) -> Result<Option<SecretSource>, Error> {
        let references = spec.secrets();
        let arn = settings.optional("SMOKE_SECRET_ARN");
        match (references.is_empty(), arn) {
            (true, _) => Ok(None),
            (false, Some(arn)) => Ok(Some(SecretSource::new(Client::new(&aws()), arn, references))),
            (false, None) => Err(Error::InvalidConfiguration(
                "SMOKE_SPEC refers to a secret, and SMOKE_SECRET_ARN names none. Set the stack's parameter \
                 SmokeSecretArn to the secret's ARN, or take {{secret}} out of the headers in SmokeSpec."
                    .to_owned(),
            )),
        }
    }

    pub(crate) fn new(
        client: Client,
        arn: String,
        references: BTreeSet<Option<String>>,
    ) -> SecretSource {
        SecretSource {
            client,
            arn,
            references,
        }
    }

    /// One call, within [`TIME_LIMIT`].
    ///
    /// # Errors
    /// What [`Error::from_sdk`] makes of a failed call; `AwsUnavailable` where no answer came in time;
    /// `InvalidConfiguration` where the secret does not have what the spec refers to.
    pub(crate) async fn fetch(&self) -> Result<Values, Error> {
        let call = self.client.get_secret_value();
        let call = call.secret_id(&self.arn).version_stage("AWSCURRENT");
        let answer = tokio::time::timeout(TIME_LIMIT, call.send());
        let answer = answer.await.map_err(|_| {
            let seconds = TIME_LIMIT.as_secs();
            unanswered(&format!(
                "secretsmanager:GetSecretValue got no answer within {seconds} s"
            ))
        })?;
        let output = answer.map_err(|error| {
            let is_answer = error.as_service_error().is_some();
            let error = Error::from_sdk("secretsmanager:GetSecretValue", error);
            if is_answer {
                error
            } else {
                unanswered(&error.to_string())
            }
        })?;
        let values = Values::of(output.secret_string(), &self.references);
        values.map_err(|refusal| {
            let reason = format!("the secret {}: {refusal}", excerpt(&self.arn));
            Error::InvalidConfiguration(reason)
        })
    }
}

fn unanswered(text: &str) -> Error {
    Error::AwsUnavailable(format!("{} {NO_WAY}", sentence(text)))
}

/// What each reference stands for, by its key; the default has none.
#[derive(Default)]
pub struct Values(BTreeMap<Option<String>, String>);

impl Values {
    /// `text` is none where the secret is binary.
    ///
    /// # Errors
    /// The first reference that stands for nothing that a header can have.
    fn of(text: Option<&str>, references: &BTreeSet<Option<String>>) -> Result<Values, Refusal> {
        let text = text.ok_or(
            "expected a text, found binary data. Store the secret as a text (--secret-string).",
        )?;
        let value = |reference: &Option<String>| {
            let value = resolved(text, reference.as_deref())?;
            verify(&value).map_err(|refusal| named(reference.as_deref(), refusal.as_str()))?;
            Ok((reference.clone(), value))
        };
        references
            .iter()
            .map(value)
            .collect::<Result<_, _>>()
            .map(Values)
    }

    pub(crate) fn get(&self, key: Option<&str>) -> Option<&str> {
        self.0.get(&key.map(str::to_owned)).map(String::as_str)
    }

    pub(crate) fn mask(&self) -> Mask {
        Mask::of(self.0.values().map(String::as_str))
    }
}

/// The whole text, or the text that its JSON object has for the key.
fn resolved(text: &str, key: Option<&str>) -> Result<String, Refusal> {
    let Some(key) = key else {
        return Ok(text.to_owned());
    };
    let refused = |reason: &str| Err(named(Some(key), reason));
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => match fields.get(key) {
            Some(Value::String(value)) => Ok(value.clone()),
            Some(_) => refused("expected a text for this key, found another type of JSON."),
            None => refused("expected this key in the secret's JSON object, found no such key."),
        },
        _ => refused("expected a JSON object, since a key is named, found another text."),
    }
}

/// Only what a header can have, and what can be hidden in an answer.
fn verify(value: &str) -> Result<(), Refusal> {
    if !value.chars().all(|it| it == ' ' || it.is_ascii_graphic()) {
        return Err("expected printable ASCII characters, found a line break or another character \
             that no header can have. Store the secret without it: an editor or echo may have added a line break."
            .into());
    }
    if value.trim().len() < SHORTEST {
        return Err(format!(
            "expected {SHORTEST} characters or more, found fewer: they could not be hidden in what is found. What is \
             no secret can stand in SmokeSpec itself."
        )
        .into());
    }
    Ok(())
}

fn named(key: Option<&str>, reason: &str) -> Refusal {
    match key {
        Some(key) => format!("{{{{secret:{}}}}}: {reason}", excerpt(key)).into(),
        None => format!("{{{{secret}}}}: {reason}").into(),
    }
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
