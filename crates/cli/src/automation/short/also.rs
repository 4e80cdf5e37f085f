//! `--also`: the same results for a second instance, whose failure only warns.

use reports::Lines;

use super::ship::Shipment;
use crate::automation::connect::{Surroundings, Way};
use crate::automation::failure::Failure;
use crate::automation::say::Say;

/// The second instance.
pub(super) struct Also {
    way: Way,
    /// Project there, by name or id.
    project: String,
}

impl Also {
    /// Checks the address. It may be that of the first instance if the project is another.
    pub(super) fn new(
        address: &str,
        project: String,
        proxy: Option<&String>,
        first: (&Way, &str),
    ) -> Result<Also, Failure> {
        let way = Way::to(address, proxy)?;
        if (way.instance.to_string(), project.as_str()) == (first.0.instance.to_string(), first.1) {
            return Err(Failure::new(
                "The second instance is the first: give another address or project for --also",
            ));
        }
        Ok(Also { way, project })
    }

    /// Sends what `first` has, however that fared. What fails here is told, and nothing else comes of it.
    pub(super) async fn send(
        &self,
        first: &Shipment,
        lines: &mut Lines,
        surroundings: &Surroundings,
        parallel: u8,
        say: Say,
    ) {
        let address = self.way.instance.to_string();
        say.line(format_args!("Sending the same to {address} .."));
        match self.try_send(first, lines, surroundings, parallel, say).await {
            Ok(url) => say.line(format_args!("See {url}")),
            Err(failure) => say.warn(format_args!(
                "The second instance has not got all results: {address}\n{}",
                failure.of_second_instance()
            )),
        }
    }

    /// The page of the run.
    async fn try_send(
        &self,
        first: &Shipment,
        lines: &mut Lines,
        surroundings: &Surroundings,
        parallel: u8,
        say: Say,
    ) -> Result<String, Failure> {
        let client = self.way.client(&surroundings.of_second_instance(), say)?;
        let mut shipment = Shipment::new(
            self.way.instance.to_string(),
            self.way.proxy.clone(),
            self.project.clone(),
        )?;
        shipment.new = first.new.clone();
        shipment.thread = first.thread.clone();
        shipment.part = first.part.clone();
        shipment.counts = first.counts;
        shipment.send(&client, lines, parallel, say).await?;
        Ok(shipment.url())
    }
}
