//! The rules as a function's variable has them. All variables of a function share 4 KB, which 25 ARNs would fill, and an
//! alarm's flip back asks nobody for more: so the template writes what differs between the rules of one load balancer.
//! Pure.

use crate::Error;

/// The rules that a function's variable can hold (`template.yaml`).
pub const MOST_RULES: usize = 25;

/// A listener, which stands for its default action, has no rule in its place.
const NO_RULE: &str = "-";

/// The ARNs of the rules and listeners: the first entry may be the load balancer's, and then the others are `LISTENER/RULE`,
/// `LISTENER/-`, or `/` for a place that nothing takes. An entry that is an ARN itself is one.
///
/// # Errors
/// `InvalidConfiguration` where there is no rule.
pub(super) fn rule_arns(entries: Vec<String>) -> Result<Vec<String>, Error> {
    let Some((before, name)) = entries[..1]
        .iter()
        .find_map(|it| it.split_once(":loadbalancer/"))
    else {
        return Ok(entries);
    };
    let arn = |entry: &String| match entry.split_once('/') {
        _ if entry.starts_with("arn:") => Some(entry.clone()),
        Some(("", _)) | None => None,
        Some((listener, NO_RULE)) => Some(format!("{before}:listener/{name}/{listener}")),
        Some((listener, rule)) => Some(format!("{before}:listener-rule/{name}/{listener}/{rule}")),
    };
    let arns: Vec<_> = entries.iter().skip(1).filter_map(arn).collect();
    if arns.is_empty() {
        return Err(Error::InvalidConfiguration(
            "variable RULE_ARNS: expected rules behind the load balancer, found none. Set it through the stack's \
             parameters."
                .to_owned(),
        ));
    }
    Ok(arns)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shop/50dc";
    const RULE: &str =
        "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/50dc/f2f7/9683";
    const LISTENER: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/50dc/0467";

    fn arns(entries: &[&str]) -> Result<Vec<String>, Error> {
        rule_arns(entries.iter().map(|it| (*it).to_owned()).collect())
    }

    #[test]
    fn what_differs_between_the_rules_of_a_load_balancer_is_enough() {
        let found = arns(&[BALANCER, "f2f7/9683", "0467/-", "/", "/"]);
        assert_eq!(found.expect("rules"), [RULE, LISTENER]);
    }

    #[test]
    fn an_arn_is_taken_as_it_is() {
        for entries in [&[RULE, LISTENER][..], &[BALANCER, RULE, "0467/-"]] {
            assert_eq!(arns(entries).expect("rules"), [RULE, LISTENER]);
        }
    }

    #[test]
    fn a_load_balancer_without_a_rule_is_refused() {
        for entries in [&[BALANCER][..], &[BALANCER, "/", "nothing"]] {
            let error = arns(entries).expect_err("no rule");
            assert_eq!(error.name(), "InvalidConfiguration");
        }
    }
}
