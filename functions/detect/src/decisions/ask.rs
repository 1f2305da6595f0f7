//! Requests that end a wait, as a person copies them. Pure.

use record::Before;
use serde::Serialize;
use serde_json::json;
use shared::ReleaseId;
use std::fmt;

/// A request: an object where a field shows it, and its JSON where a text does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<ReleaseId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gate: Option<Before>,
}

impl Ask {
    pub(super) fn at_gate(release: &ReleaseId, gate: Before) -> [Ask; 2] {
        ["approve", "reject"].map(|action| Ask {
            action,
            release: Some(release.clone()),
            gate: Some(gate),
        })
    }

    pub(super) fn resume(release: &ReleaseId) -> Ask {
        Ask {
            action: "resume",
            release: Some(release.clone()),
            gate: None,
        }
    }

    pub(super) fn unfreeze() -> Ask {
        Ask {
            action: "unfreeze",
            release: None,
            gate: None,
        }
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{\"action\": {}", json!(self.action))?;
        if let Some(release) = &self.release {
            write!(f, ", \"release\": {}", json!(release))?;
        }
        if let Some(gate) = &self.gate {
            write!(f, ", \"gate\": {}", json!(gate))?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use shared::Share;

    #[test]
    fn a_request_is_the_same_as_an_object_and_as_text() {
        let release = ReleaseId::from("r\"1");
        let flip = Before::Flip(Share::new(10).expect("a share"));
        let [approve, reject] = Ask::at_gate(&release, flip);
        let expect = json!({"action": "approve", "release": "r\"1", "gate": "flip to 10 %"});
        assert_eq!(json!(approve), expect);
        for ask in [approve, reject, Ask::resume(&release), Ask::unfreeze()] {
            let read: Value = serde_json::from_str(&ask.to_string()).expect("JSON");
            assert_eq!(read, json!(ask));
        }
        assert_eq!(Ask::unfreeze().to_string(), "{\"action\": \"unfreeze\"}");
    }
}
