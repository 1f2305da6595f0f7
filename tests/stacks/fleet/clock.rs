//! A clock for many actors, which runs ahead while all of them wait. Time is in seconds.
//!
//! tokio's paused clock does the same at ten times the price, and a fleet waits some million times.

use futures::future::LocalBoxFuture;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// When an actor goes on. Among those of the same time, the first that began to wait is first.
#[derive(PartialEq)]
struct Due {
    at: f64,
    number: u64,
    actor: usize,
}

impl Eq for Due {}

impl Ord for Due {
    fn cmp(&self, other: &Due) -> std::cmp::Ordering {
        let by_time = self.at.total_cmp(&other.at);
        by_time.then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Due) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Default)]
pub struct Clock {
    now: Cell<f64>,
    due: RefCell<BinaryHeap<Reverse<Due>>>,
    /// Waits so far.
    waits: Cell<u64>,
    /// The actor that runs now.
    actor: Cell<usize>,
}

impl Clock {
    pub fn now(&self) -> f64 {
        self.now.get()
    }

    pub async fn sleep(&self, seconds: f64) {
        let at = self.now() + seconds;
        self.wake_at(at);
        std::future::poll_fn(|_| match self.now() >= at {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
    }

    fn wake_at(&self, at: f64) {
        let (number, actor) = (self.waits.get(), self.actor.get());
        self.waits.set(number + 1);
        let due = Due { at, number, actor };
        self.due.borrow_mut().push(Reverse(due));
    }

    /// Runs the actors until all have ended.
    pub fn run<'a>(&self, actors: impl Iterator<Item = LocalBoxFuture<'a, ()>>) {
        let mut actors: Vec<_> = actors.map(Some).collect();
        for (number, actor) in actors.iter_mut().enumerate() {
            self.go_on(number, actor);
        }
        loop {
            let due = self.due.borrow_mut().pop();
            let Some(Reverse(due)) = due else { return };
            self.now.set(due.at);
            self.go_on(due.actor, &mut actors[due.actor]);
        }
    }

    fn go_on(&self, number: usize, actor: &mut Option<LocalBoxFuture<'_, ()>>) {
        self.actor.set(number);
        let Some(future) = actor else { return };
        if is_ready(future.as_mut()).is_some() {
            *actor = None;
        }
    }

    /// What the future gives within so many seconds.
    pub async fn within<T>(&self, seconds: f64, future: impl Future<Output = T>) -> Option<T> {
        let at = self.now() + seconds;
        self.wake_at(at);
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|_| match is_ready(future.as_mut()) {
            Some(output) => Poll::Ready(Some(output)),
            None if self.now() >= at => Poll::Ready(None),
            None => Poll::Pending,
        })
        .await
    }
}

/// Nobody is woken by a waker: whoever is due is polled.
fn is_ready<T>(future: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> Option<T> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// All of them at the same time; gives what they give.
pub async fn all_of<T>(futures: Vec<LocalBoxFuture<'_, T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(Some).collect();
    let mut outputs = Vec::new();
    std::future::poll_fn(|_| {
        for it in &mut futures {
            if let Some(output) = it.as_mut().and_then(|it| is_ready(it.as_mut())) {
                outputs.push(output);
                *it = None;
            }
        }
        match futures.iter().all(Option::is_none) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    outputs
}
