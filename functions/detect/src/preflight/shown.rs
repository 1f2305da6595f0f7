//! The findings of an answer: of each check as many as a person reads, and all together small enough to be carried.

use super::evidence::Finding;

/// Findings of one check that are shown, and how many it may be where there is more to show than there is room.
const OF_ONE: [usize; 3] = [10, 3, 1];

/// Bytes of JSON: beside the findings stands a plan, and Step Functions carries 256 KiB.
const ROOM: usize = 64 * 1024;

/// The findings that an answer holds; what is left out is counted.
pub(crate) fn shown(findings: &[Finding]) -> Vec<Finding> {
    let [.., fewest] = OF_ONE;
    let mut choices = OF_ONE.iter().map(|most| at_most(*most, findings));
    let fits = |it: &Vec<Finding>| serde_json::to_string(it).is_ok_and(|json| json.len() <= ROOM);
    choices
        .find(fits)
        .unwrap_or_else(|| at_most(fewest, findings))
}

/// The first findings of each check and severity, each in its place, and one more that counts the others.
fn at_most(most: usize, findings: &[Finding]) -> Vec<Finding> {
    let mut shown: Vec<Finding> = Vec::new();
    let mut counts: Vec<(&Finding, usize)> = Vec::new();
    for finding in findings {
        let is_alike = |(it, _): &&mut (&Finding, usize)| {
            (it.name, it.severity) == (finding.name, finding.severity)
        };
        let count = match counts.iter_mut().find(is_alike) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                counts.push((finding, 1));
                1
            }
        };
        if count <= most {
            shown.push(finding.clone());
        }
    }
    let more = counts.into_iter().filter(|(_, count)| *count > most);
    shown.extend(more.map(|(it, count)| Finding {
        found: format!("and {} more", count - most),
        ..it.clone()
    }));
    shown.sort_by_key(|it| it.severity);
    shown
}
