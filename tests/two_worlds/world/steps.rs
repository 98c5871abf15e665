//! The steps of a plan.

use cmss::Error;

use super::{World, text};
use crate::plan::Step;

impl World {
    pub(super) async fn try_to(&mut self, step: &Step) -> Result<(), Error> {
        match step {
            Step::Publish {
                headline,
                byline,
                photo,
                links,
                quote,
                image,
            } => {
                let page = text(
                    &format!("Rubrik {headline}"),
                    "Så var det.",
                    self.bylines[*byline],
                );
                let page = self.with(page, *photo, *links, *image);
                self.publish(page, *byline, *quote).await
            }
            Step::Update {
                which,
                address,
                headline,
            } => self.update(*which, *address, *headline).await,
            Step::Unpublish { which, how } => self.unpublish(*which, *how).await,
            Step::Republish { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                self.now();
                self.desk(&self.editor(), "republish")
                    .republish(page.variant)
                    .await
            }
            Step::Pause { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                self.now();
                self.desk(&page.author, "pause").pause(page.variant).await
            }
            Step::LiftPause { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                self.now();
                self.desk(&page.author, "lift")
                    .lift_pause(page.variant)
                    .await
            }
            Step::DropRedirect { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                let vera = self.desk(&self.editor(), "drop");
                let old = vera.variant(page.variant).await?.old_slugs;
                self.now();
                match old.first() {
                    Some(slug) => vera.drop_redirect(page.variant, slug.as_str()).await,
                    None => Ok(()),
                }
            }
            Step::ChangeByline {
                byline,
                renamed,
                name,
            } => self.change_byline(*byline, *renamed, *name).await,
            Step::Withdraw { which } => {
                let Some(page) = self.page(*which) else {
                    return Ok(());
                };
                let consent = page.consent.or(self.image_consent);
                self.now();
                let desk = self.desk(&self.editor(), "withdraw");
                desk.withdraw_consent(consent.unwrap()).await
            }
            Step::PublishTopic { label } => {
                let topic = self.topic_of(&format!("Bostad {label}"));
                let desk = self.desk(&self.editor(), "put topic");
                desk.put_term(Some(self.topic), &topic).await?;
                self.now();
                self.desk(&self.editor(), "topic")
                    .publish_record(self.topic)
                    .await
            }
            Step::HideTopic => {
                self.now();
                self.desk(&self.editor(), "topic")
                    .hide_record(self.topic)
                    .await
            }
            Step::PublishImage => {
                let desk = self.desk(&self.editor(), "put image");
                desk.put_asset(Some(self.image), &self.image_of()).await?;
                self.now();
                self.desk(&self.editor(), "image")
                    .publish_record(self.image)
                    .await
            }
            Step::HideImage => {
                self.now();
                self.desk(&self.editor(), "image")
                    .hide_record(self.image)
                    .await
            }
            Step::PublishProject { version } => {
                let project = self.project_of(*version);
                let desk = self.desk(&self.editor(), "put project");
                desk.put_project(Some(self.project), &project).await?;
                self.now();
                self.desk(&self.editor(), "project")
                    .publish_record(self.project)
                    .await
            }
            Step::HideProject => {
                self.now();
                self.desk(&self.editor(), "project")
                    .hide_record(self.project)
                    .await
            }
            Step::PublishEvent => {
                let desk = self.desk(&self.editor(), "put event");
                desk.put_event(Some(self.event), &self.event_of()).await?;
                self.now();
                self.desk(&self.editor(), "event")
                    .publish_record(self.event)
                    .await
            }
            Step::HideEvent => {
                self.now();
                self.desk(&self.editor(), "event")
                    .hide_record(self.event)
                    .await
            }
            Step::Nothing => Ok(()),
            Step::Plan { when } => self.plan(*when).await,
            Step::Settle { which, cancel } => {
                let count = self.occasions.len().max(1);
                let Some(one) = self.occasions.get(which % count) else {
                    return Ok(());
                };
                self.now();
                let desk = self.desk(&self.editor(), "settle");
                if *cancel {
                    desk.cancel_occasion(*one, "Det blir inte av.").await
                } else {
                    desk.confirm_occasion(*one).await
                }
            }
        }
    }
}
