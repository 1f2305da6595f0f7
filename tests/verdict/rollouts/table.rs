//! What a person reads of the harder worlds, and the figures that must hold there.

use super::kinds::{CLUSTERS, FAULTS, SHOWN, WORLDS};
use super::{Ends, Kind, WAYS};

/// Kinds of releases and how they ended.
pub type Rows = [(Kind, Ends)];

/// The highest value among the kinds that are meant.
pub fn worst(rows: &Rows, value: fn(&Ends) -> f64, is_meant: impl Fn(&Kind) -> bool) -> f64 {
    let meant = rows.iter().filter(|(kind, _)| is_meant(kind));
    meant.map(|(_, ends)| value(ends)).fold(0.0, f64::max)
}

/// How many of the bad releases are caught at least, among the kinds that are meant.
pub fn caught(rows: &Rows, is_meant: impl Fn(&Kind) -> bool) -> f64 {
    let meant = rows.iter().filter(|(kind, _)| is_meant(kind));
    let caught = meant.map(|(_, ends)| ends.flipped_back);
    caught.fold(1.0, f64::min)
}

/// Good releases: how many are flipped back, by world and way; the worst of the services.
pub fn good(rows: &Rows) -> Vec<String> {
    let per_cent = |part: f64| format!("{:>8.2} %", part * 100.0);
    let mut lines = vec![
        "good releases in percent, the worst of all busy services, CloudWatch 60 s late".to_owned(),
        format!(
            "{:<12}{}   article | inconclusive: kept for errors | flipped back for silence",
            "flipped back",
            ways()
        ),
    ];
    for world in WORLDS {
        let by_way = |value: fn(&Ends) -> f64| {
            let parts = (0..WAYS.len())
                .map(|way| worst(rows, value, |it| it.world == world && it.way == way));
            parts.map(per_cent).collect::<String>()
        };
        let article = worst(rows, |ends| ends.article, |it| it.world == world);
        lines.push(format!(
            "{:<12}{}{} |{} |{}",
            format!("{world:?}"),
            by_way(|ends| ends.flipped_back),
            per_cent(article),
            by_way(|ends| ends.kept_suspicious),
            by_way(|ends| ends.flipped_back_unknown),
        ));
    }
    lines
}

fn ways() -> String {
    WAYS.iter().map(|(name, _)| format!("{name:>10}")).collect()
}

/// Bad releases: how many are flipped back, when, and how many requests the fault has failed by then.
pub fn bad(rows: &Rows) -> Vec<String> {
    let faults = FAULTS.map(|fault| format!("{:>22}", format!("+{:.0} %", fault * 100.0)));
    let mut lines = vec![
        "faults flipped back in percent, after s, with so many requests failed, where 0.1 % fail always".to_owned(),
        format!("{:<34}{}", "requests/s", faults.concat()),
    ];
    for (world, service) in CLUSTERS
        .iter()
        .flat_map(|it| SHOWN.map(|service| (*it, service)))
    {
        for (way, (name, _)) in WAYS.iter().enumerate() {
            let meant = rows.iter().filter(|(kind, _)| {
                kind.world == world && kind.service == service && kind.way == way
            });
            let cells = meant.map(|(_, ends)| format!("{:>22}", cell(ends)));
            let head = format!("{} {world:?}, {name}", service.0);
            lines.push(format!("{head:<34}{}", cells.collect::<String>()));
        }
    }
    lines
}

fn cell(ends: &Ends) -> String {
    let caught = ends.flipped_back * 100.0;
    format!("{caught:.1} {:.0} s {:.0}", ends.after, ends.failed)
}

/// Quiet services: how their releases end.
pub fn quiet(rows: &Rows) -> Vec<String> {
    let head = "quiet services with silences, in percent: fault, flipped back, kept for errors, kept for silence, article";
    let line = |(kind, ends): &(Kind, Ends)| {
        let parts = [
            ends.flipped_back,
            ends.kept_suspicious,
            ends.kept_unknown,
            ends.article,
        ];
        let parts = parts.map(|part| format!("{:>8.2}", part * 100.0));
        let (minute, fault) = (kind.service.0 * 60.0, kind.fault * 100.0);
        format!("{minute:>4.0} requests/min {fault:>6.1}{}", parts.concat())
    };
    [vec![head.to_owned()], rows.iter().map(line).collect()].concat()
}
