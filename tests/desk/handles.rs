//! What a program holds may be cloned, sent to other threads, and awaited there.

use crate::support::Newsroom;
use cmss::{Cms, Desk, Site};

fn sendable<T: Send>(value: T) -> T {
    value
}

#[test]
fn handles_are_cheap_to_share_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Cms>();
    shared::<Desk>();
    shared::<Site>();
}

#[test]
fn verbs_and_reads_may_be_awaited_on_any_thread() {
    pollster::block_on(async {
        let newsroom = Newsroom::in_memory().await;
        let started = sendable(newsroom.published("Ute på torget")).await;
        let reporter = newsroom.reporter();
        sendable(reporter.pause(started.variant)).await.unwrap();
        sendable(reporter.own_editions(None)).await.unwrap();
        let site = newsroom.cms.site();
        sendable(site.article("ute-pa-torget")).await.unwrap();
        sendable(newsroom.cms.rebuild_site(|_| {})).await.unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| pollster::block_on(reporter.lift_pause(started.variant)).unwrap());
        });
    });
}
