//! Requests as a person copies them, and what is said beside them. Pure.

use super::ask::Ask;
use record::{Approval, Before, Gate, HeldBack, WhenNotApproved};
use shared::{ReleaseId, whole_second};

/// The requests that decide a gate, one on each line.
pub(crate) fn ask_at_gate(release: &ReleaseId, before: Before) -> String {
    let [approve, reject] = Ask::at_gate(release, before);
    format!("{approve}\n{reject}")
}

/// The request that ends a hold.
pub(super) fn ask_to_resume(release: &ReleaseId) -> String {
    Ask::resume(release).to_string()
}

/// What a gate waits for, and what becomes of it otherwise.
pub(super) fn describe_gate(gate: &Gate, approval: Option<&Approval>) -> String {
    let Gate {
        release, before, ..
    } = gate;
    let until = whole_second(gate.until);
    let otherwise = approval.map_or(WhenNotApproved::default(), |it| it.when_not_approved);
    let otherwise = match otherwise {
        WhenNotApproved::Reject => "it is rejected",
        WhenNotApproved::Approve => "it counts as approved",
    };
    let what = match before {
        Before::Commands => "its commands".to_owned(),
        Before::Flip(share) => format!("its flip to {share}"),
        Before::Finish => "its end as stable".to_owned(),
    };
    let whose = if *before == Before::Commands {
        "request"
    } else {
        "release"
    };
    format!(
        "{whose} {release} waits for an approval of {what}, until {until}: if nobody decides, {otherwise} then"
    )
}

/// What a freeze has held back, and the request that releases it: by its digest, since the tag may have moved.
pub(super) fn describe_held_back(held_back: &HeldBack, repository: &str) -> String {
    let at = whole_second(held_back.request.made_at);
    let digest = held_back.request.pushed_digest.as_ref();
    let digest = digest.map(|it| it.as_str()).unwrap_or_default();
    let (name, tag) = match &held_back.tag {
        Some(tag) => (format!("{tag} ({digest})"), format!(":{tag}")),
        None => (digest.to_owned(), String::new()),
    };
    format!("{name}, pushed at {at}: to release it, request the image {repository}{tag}@{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use fixtures::at;
    use record::QueuedRequest;
    use shared::Share;

    #[test]
    fn a_gate_is_decided_by_one_line_each() {
        let flip = Before::Flip(Share::new(10).expect("a share"));
        assert_eq!(
            ask_at_gate(&"r1".into(), flip),
            "{\"action\": \"approve\", \"release\": \"r1\", \"gate\": \"flip to 10 %\"}\n\
             {\"action\": \"reject\", \"release\": \"r1\", \"gate\": \"flip to 10 %\"}"
        );
        let resume = ask_to_resume(&"r1".into());
        assert_eq!(resume, "{\"action\": \"resume\", \"release\": \"r1\"}");
    }

    #[test]
    fn what_was_held_back_is_named_with_the_request_that_releases_it() {
        let held_back = |tag: Option<&str>| HeldBack {
            request: QueuedRequest {
                made_at: at(0),
                started_at: at(0),
                execution: "arn:r2".into(),
                pushed_digest: Some("sha256:a1".into()),
                pushed_members: Vec::new(),
            },
            tag: tag.map(str::to_owned),
        };
        let text = describe_held_back(&held_back(Some("v2")), "shop");
        assert!(text.starts_with("v2 (sha256:a1), pushed at "), "{text}");
        let image = "request the image shop:v2@sha256:a1";
        assert!(text.ends_with(image), "{text}");
        let text = describe_held_back(&held_back(None), "shop");
        assert!(text.ends_with("request the image shop@sha256:a1"), "{text}");
    }

    #[test]
    fn a_gate_says_what_it_waits_for_and_what_becomes_of_it() {
        let gate = |before| Gate {
            release: "r1".into(),
            before,
            opened_at: at(0),
            until: at(60),
            command: None,
            outcome: None,
        };
        let approve = Approval {
            when_not_approved: WhenNotApproved::Approve,
            ..Approval::default()
        };
        let text = describe_gate(&gate(Before::Finish), Some(&approve));
        let expect = "release r1 waits for an approval of its end as stable, until ";
        assert!(text.starts_with(expect), "{text}");
        assert!(text.ends_with("it counts as approved then"), "{text}");
        let text = describe_gate(&gate(Before::Commands), None);
        let expect = "request r1 waits for an approval of its commands, until ";
        assert!(text.starts_with(expect), "{text}");
        assert!(text.ends_with("it is rejected then"), "{text}");
    }
}
