//! The tests of `approval.rs`.

use super::*;
use crate::fixtures::people::approval;
use crate::fixtures::share;

#[test]
fn a_policy_wants_a_gate_before_what_it_names() {
    use ApprovalBefore::{Commands, EachStep, Finish, Flip};
    let flip = Before::Flip(share(10));
    let check = |policy: &[ApprovalBefore], before, first, expect| {
        let wants = approval(policy).wants(before, first);
        assert_eq!(wants, expect, "{policy:?} {before} {first}");
    };
    check(&[], flip, true, false);
    check(&[Flip], flip, true, true);
    check(&[Flip], flip, false, false);
    check(&[EachStep], flip, true, true);
    check(&[EachStep], flip, false, true);
    check(&[EachStep, Commands], Before::Finish, false, false);
    check(&[Flip, Finish], Before::Finish, false, true);
    check(&[Flip, Finish], Before::Commands, true, false);
    check(&[Commands], Before::Commands, true, true);
}

#[test]
fn a_gate_has_one_name_for_the_record_and_for_people() {
    for (before, name) in [
        (Before::Commands, "commands"),
        (Before::Flip(share(10)), "flip to 10 %"),
        (Before::Flip(Share::ALL), "flip to 100 %"),
        (Before::Finish, "finish"),
    ] {
        assert_eq!(before.to_string(), name);
        assert_eq!(name.parse(), Ok(before));
        assert_eq!(Before::try_from(name.to_owned()), Ok(before));
    }
    for name in [
        "",
        "flip",
        "flip to 0 %",
        "flip to 101 %",
        "flip to 10",
        "Finish",
    ] {
        let refusal = name.parse::<Before>().expect_err("no gate's name");
        assert!(refusal.as_str().contains("expected a gate's name"));
    }
}

#[test]
fn the_gates_of_a_release_come_in_one_order() {
    let shares = [1, 50, 100].map(|percent| Before::Flip(share(percent)));
    assert!(shares.is_sorted());
    assert!(Before::Commands < shares[0] && shares[2] < Before::Finish);
}
