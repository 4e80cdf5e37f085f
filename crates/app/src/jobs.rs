//! What the server does by itself: seal the audit log, write last uses, close what was abandoned, remove old results,
//! forget what is over.

use crate::{App, Result, attachments, audit, automation, notifications};
use model::clock::DAY;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Answers to repeated requests are kept this long.
const KEEP_ANSWERS: i64 = 7 * DAY;

/// The running jobs of a server.
pub struct Jobs {
    app: App,
    name: String,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl App {
    /// Starts the jobs. They end with [`Jobs::stop`].
    pub fn start_jobs(&self) -> Jobs {
        let (stop, stopped) = watch::channel(false);
        let name = format!("{:016x}", u64::from_ne_bytes(self.random_bytes()));
        let mut tasks = JoinSet::new();
        let (app, holder) = (self.clone(), name.clone());
        tasks.spawn(every(1, stopped.clone(), "sealing the audit log", move || {
            let (app, holder) = (app.clone(), holder.clone());
            async move { audit::seal(&app, &holder).await.map(drop) }
        }));
        let app = self.clone();
        tasks.spawn(every(60, stopped.clone(), "writing last uses", move || {
            let app = app.clone();
            async move { app.flush_uses().await }
        }));
        let app = self.clone();
        tasks.spawn(every(
            60,
            stopped.clone(),
            "closing abandoned automation runs",
            move || {
                let app = app.clone();
                async move { automation::runs::close_abandoned(&app).await.map(drop) }
            },
        ));
        let (app, holder) = (self.clone(), name.clone());
        tasks.spawn(every(
            600,
            stopped.clone(),
            "sweeping uploaded files",
            move || {
                let (app, holder) = (app.clone(), holder.clone());
                async move { attachments::sweep(&app, &holder).await.map(drop) }
            },
        ));
        let (app, holder, stop_removal) = (self.clone(), name.clone(), stopped.clone());
        tasks.spawn(every(600, stopped.clone(), "removing old results", move || {
            let (app, holder, stopped) = (app.clone(), holder.clone(), stop_removal.clone());
            async move {
                let goes_on = move || !*stopped.borrow();
                automation::removal::remove_old(&app, &holder, goes_on)
                    .await
                    .map(drop)
            }
        }));
        let app = self.clone();
        tasks.spawn(every(3600, stopped, "forgetting what is over", move || {
            let app = app.clone();
            async move { app.forget_old().await }
        }));
        Jobs {
            app: self.clone(),
            name,
            stop,
            tasks,
        }
    }

    async fn forget_old(&self) -> Result<()> {
        let now = self.now();
        self.write(move |tx| {
            store::session::delete_over(tx, now)?;
            store::idempotency::delete_old(tx, now.plus(-KEEP_ANSWERS))?;
            store::notification::delete_old(tx, now.plus(-notifications::KEPT))?;
            Ok(())
        })
        .await
    }
}

impl Jobs {
    /// Ends the jobs and writes what they still hold: last uses and seals.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        let flushed = self.app.flush_uses().await;
        let sealed = audit::seal_all(&self.app, &self.name).await;
        for error in [flushed.err(), sealed.err()].into_iter().flatten() {
            tracing::error!(%error, "could not write everything at shutdown");
        }
    }
}

async fn every<F, W>(seconds: u64, mut stopped: watch::Receiver<bool>, what: &'static str, work: F)
where
    F: Fn() -> W,
    W: Future<Output = Result<()>>,
{
    let mut ticks = tokio::time::interval(Duration::from_secs(seconds));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = work().await {
            tracing::warn!(%error, job = what, "job failed, it will be tried again");
        }
    }
}
