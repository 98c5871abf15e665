//! Time as the log tells it, also where the clock is put back.

use crate::support::{Newsroom, offer, start};
use chrono::TimeDelta;
use cmss::{Error, store::Seq};
use pollster::block_on;

#[test]
fn what_rests_on_nothing_still_happens_after_what_was_done_before() {
    block_on(async {
        let newsroom = Newsroom::in_memory().await;
        newsroom.clock.set(start() + TimeDelta::minutes(10));
        newsroom
            .unit()
            .propose(&offer(newsroom.library, 1))
            .await
            .unwrap();
        newsroom.clock.set(start() + TimeDelta::minutes(5));
        let mut own = offer(newsroom.library, 1);
        own.unit = None;
        newsroom.reporter().propose(&own).await.unwrap();

        let log = newsroom.editor().audit(Seq::ZERO, 100).await.unwrap();
        let last = log.lines.last().unwrap();
        assert_eq!(last.command, "propose");
        assert_eq!(last.at, start() + TimeDelta::minutes(10));
    });
}

#[test]
fn what_is_allowed_is_judged_at_the_time_that_the_command_would_have() {
    block_on(async {
        let newsroom = Newsroom::in_memory().await;
        let mut soon = offer(newsroom.library, 1);
        soon.claim_by = Some(start() + TimeDelta::minutes(10));
        let task = newsroom.unit().propose(&soon).await.unwrap();
        newsroom.clock.set(start() + TimeDelta::minutes(20));
        newsroom.editor().open_assignment(task).await.unwrap();
        newsroom.clock.set(start() + TimeDelta::minutes(5));

        let allowed = newsroom.reporter().allowed(task).await.unwrap();
        let claiming = allowed.iter().find(|one| one.command == "claim_assignment");
        let claimed = newsroom.reporter().claim(task).await;
        let Err(Error::Refused(refusal)) = claimed else {
            panic!("{claimed:?}")
        };
        assert_eq!(claiming.unwrap().guards, refusal.guards);
    });
}
