//! What records were before.

use chrono::TimeDelta;
use cmss::*;
use pollster::block_on;

use crate::support::{Newsroom, start};

use super::records::{event, organisation};

#[test]
fn what_a_record_was_is_read_by_its_number() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let (vera, ada) = (room.editor(), room.admin());
        let id = vera.put_organisation(None, &organisation("Bryggan")).await;
        let id = id.unwrap();
        room.clock.set(start() + TimeDelta::hours(1));
        ada.put_organisation(Some(id), &organisation("Föreningen Bryggan"))
            .await
            .unwrap();
        // What changes nothing is no revision, and neither is what is made public.
        ada.put_organisation(Some(id), &organisation("Föreningen Bryggan"))
            .await
            .unwrap();
        vera.publish_record(id).await.unwrap();

        let cards = [
            RecordRevisionCard {
                number: 1,
                by: Some(room.vera),
                at: start(),
            },
            RecordRevisionCard {
                number: 2,
                by: Some(room.ada),
                at: start() + TimeDelta::hours(1),
            },
        ];
        assert_eq!(vera.record_revisions(id, 0).await.unwrap(), cards);
        assert_eq!(vera.record_revisions(id, 1).await.unwrap(), cards[1..]);
        assert_eq!(vera.record_revisions(id, 2).await.unwrap(), []);
        assert_eq!(vera.record_revisions(id, u32::MAX).await.unwrap(), []);
        for (card, name) in cards.into_iter().zip(["Bryggan", "Föreningen Bryggan"]) {
            let revision = ada.record_revision(id, card.number).await.unwrap();
            let content = RecordContent::Organisation(organisation(name));
            assert_eq!(revision, RecordRevisionView { card, content });
        }
        for number in [0, 3, u32::MAX] {
            let answer = vera.record_revision(id, number).await;
            assert!(matches!(answer, Err(Error::NotFound { .. })), "{answer:?}");
        }
    });
}

#[test]
fn an_id_of_another_kind_finds_no_revision() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let desk = room.editor();
        let event = desk.put_event(None, &event("Öppet hus")).await.unwrap();
        let bits = event.to_string().replace("event:", "project:");
        let project: ProjectId = bits.parse().unwrap();
        let answer = desk.record_revisions(project, 0).await;
        assert!(matches!(answer, Err(Error::NotFound { .. })), "{answer:?}");
        let answer = desk.record_revision(project, 1).await;
        assert!(matches!(answer, Err(Error::NotFound { .. })), "{answer:?}");
        assert_eq!(desk.record_revisions(event, 0).await.unwrap().len(), 1);
    });
}

#[test]
fn revisions_of_records_are_turned_a_hundred_at_a_time() {
    block_on(async {
        let room = Newsroom::in_memory().await;
        let desk = room.editor();
        let mut id = None;
        for number in 1..=205 {
            let event = event(&format!("Möte {number}"));
            id = Some(desk.put_event(id, &event).await.unwrap());
        }
        let mut numbers = Vec::new();
        let mut turned = Vec::new();
        loop {
            let after = numbers.last().copied().unwrap_or(0);
            let page = desk.record_revisions(id.unwrap(), after).await.unwrap();
            if page.is_empty() {
                break;
            }
            turned.push(page.len());
            numbers.extend(page.iter().map(|card| card.number));
        }
        assert_eq!(turned, [100, 100, 5]);
        assert_eq!(numbers, (1..=205).collect::<Vec<_>>());
    });
}
