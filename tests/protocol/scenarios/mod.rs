//! The settings that are explored. All misfortunes at once would be too many states, so each setting has some of
//! them; what must be possible in it is named, or it would prove nothing.

mod images;
mod people;
mod releases;
mod rollbacks;
mod setting;
mod shares;
mod stopped;
mod trouble;

pub use images::*;
pub use people::*;
pub use releases::*;
pub use rollbacks::*;
pub use setting::Scenario;
pub use shares::*;
pub use stopped::*;
pub use trouble::*;

/// Every setting.
pub fn all() -> Vec<Scenario> {
    let mut all = of_pipeline();
    all.extend(of_people());
    all
}

fn of_pipeline() -> Vec<Scenario> {
    vec![
        lost_answers(),
        overlapping_tries(),
        late_alarm(),
        any_alarm(),
        rollback(),
        rollback_of_two(),
        contract(),
        contract_and_next(),
        three_pushes(),
        one_push_twice(),
        one_build_by_two_tags(),
        hand(),
        sick_environments(),
        few_targets(),
        late_try(),
        two_rules(),
        two_rules_and_an_alarm(),
        rejected_write(),
        outliving(),
        strays(),
        late_smoke(),
        shares(),
        shares_of_two_rules(),
        overlapping_shares(),
        late_share(),
        stray_shares(),
        shares_of_two(),
        hand_on_shares(),
        shares_and_few_targets(),
        rollback_of_shares(),
        stopped(),
        stopped_and_lost(),
        stopped_and_refused(),
        stopped_while_deploying(),
        stopped_and_left(),
        images(),
        images_and_strays(),
        images_checked_since(),
    ]
}

fn of_people() -> Vec<Scenario> {
    vec![
        gates(),
        silent_gates(),
        replace(),
        deaf_at_gates(),
        deaf_at_end(),
        holds(),
        holds_again(),
        overlapping_holds(),
        finish(),
        freeze(),
        freeze_and_others(),
        freezes(),
        freeze_and_wait(),
        freeze_after_rollback(),
        stop(),
        stop_and_next(),
    ]
}
