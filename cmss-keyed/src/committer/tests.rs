//! What the committer does with a witness.

use cmss_testkit::notes::{change, put};

use super::*;
use crate::support::{Disk, MapEngine};
use crate::witness::device::Device;

/// A committer on an empty store, with a witness on a device.
struct Running {
    shared: Arc<Shared<MapEngine>>,
    sender: Sender<Job>,
    thread: JoinHandle<()>,
    device: Device,
}

fn start_on_a_device() -> Running {
    let shared = Arc::new(Shared::new(Disk::default().engine(), Tip::ZERO, None));
    let device = Device::default();
    let witness = Witness::on(Box::new(device.clone()), Tip::ZERO, Instant::now()).unwrap();
    let (sender, thread) = start(
        shared.clone(),
        None,
        Some(witness),
        Room::in_directory(None),
        PENDING,
    )
    .unwrap();
    Running {
        shared,
        sender,
        thread,
        device,
    }
}

impl Running {
    fn commit(&self, number: u128) -> Result<Receipt, StoreError> {
        let (answer, answered) = oneshot::channel();
        let proposal = Proposal::of(change(number, vec![], vec![put(number, "x")]));
        self.sender
            .send(Job::Commit(Commit { proposal, answer }))
            .unwrap();
        pollster::block_on(answered).unwrap()
    }

    /// Lets it do all that was sent, and end.
    fn end(self) -> (Option<StoreError>, Device) {
        self.sender.send(Job::End).unwrap();
        self.thread.join().unwrap();
        (self.shared.farewell(), self.device)
    }
}

#[test]
fn what_the_witness_has_seen_is_durable_when_the_store_is_closed() {
    let running = start_on_a_device();
    running.commit(1).unwrap();
    let (farewell, device) = running.end();
    assert!(farewell.is_none(), "{farewell:?}");
    assert!(device.is_synced());
}

#[test]
fn a_commit_that_is_durable_is_answered_though_the_witness_fails_and_the_next_is_not() {
    let running = start_on_a_device();
    running.device.break_down();
    running.commit(1).unwrap();
    let next = running.commit(2);
    assert!(matches!(next, Err(StoreError::Poisoned)), "{next:?}");
    let (farewell, _) = running.end();
    assert!(
        matches!(farewell, Some(StoreError::Poisoned)),
        "{farewell:?}"
    );
}

#[test]
fn a_witness_that_cannot_be_synced_is_told_at_the_latest_when_the_store_is_closed() {
    let running = start_on_a_device();
    running.device.break_down_at_syncs();
    running.commit(1).unwrap();
    let (farewell, _) = running.end();
    // Poisoned, if its second was over before the store was closed.
    match farewell {
        Some(StoreError::Backend { what, .. }) => assert_eq!(what, "while syncing the witness"),
        Some(StoreError::Poisoned) => {}
        other => panic!("{other:?}"),
    }
}
